/// One change of a file or a folder, named by its path beneath the watched folder.
struct DiskOperation: Sendable {
  enum Kind: Sendable {
    case create
    case write(offset: Int, bytes: [UInt8])
    case truncate(size: Int)
    case sync
    case syncFolder
    case rename(to: String)
    case unlink
    case makeFolder
  }

  var kind: Kind
  var path: String
}

extension DiskOperation: CustomStringConvertible {
  var description: String {
    switch kind {
    case .create: "create \(path)"
    case .write(let offset, let bytes): "write \(path) \(offset)+\(bytes.count)"
    case .truncate(let size): "truncate \(path) to \(size)"
    case .sync: "sync \(path)"
    case .syncFolder: "sync folder \(path)"
    case .rename(let to): "rename \(path) to \(to)"
    case .unlink: "unlink \(path)"
    case .makeFolder: "make folder \(path)"
    }
  }
}
