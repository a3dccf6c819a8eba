internal import Glibc

/// The names in one folder, sorted by their bytes. Each name takes 16 bytes besides itself.
struct FolderListing: Sendable {
  private var bytes: [UInt8] = []
  private var entries: [(start: Int32, end: Int32, type: UInt8)] = []
  private var position = 0

  /// - Throws: ``SelectionError``.
  init(_ path: FilePath) throws(SelectionError) {
    guard let folder = path.withCString({ opendir($0) }) else {
      if errno == ENAMETOOLONG { throw .pathTooLong(path: path) }
      throw .unreadableFolder(path: path, reason: String(cString: strerror(errno)))
    }
    defer { closedir(folder) }
    errno = 0
    while let entry = readdir(folder) {
      let start = bytes.count
      withUnsafeBytes(of: &entry.pointee.d_name) { name in
        bytes.append(contentsOf: name.prefix { $0 != 0 })
      }
      let name = bytes[start...]
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) {
        bytes.removeSubrange(start...)
      } else {
        entries.append((Int32(start), Int32(bytes.count), entry.pointee.d_type))
      }
      errno = 0
    }
    guard errno == 0 else { throw .unreadableFolder(path: path, reason: String(cString: strerror(errno))) }
    let names = bytes
    entries.sort { left, right in
      names[Int(left.start)..<Int(left.end)].lexicographicallyPrecedes(names[Int(right.start)..<Int(right.end)])
    }
  }

  /// Returns the next name and its type from `readdir` (`DT_UNKNOWN` if the file system does not say).
  mutating func next() -> (name: ArraySlice<UInt8>, type: UInt8)? {
    guard position < entries.count else { return nil }
    defer { position += 1 }
    let entry = entries[position]
    return (bytes[Int(entry.start)..<Int(entry.end)], entry.type)
  }
}
