import Glibc
import IngestProcess

/// A document's bytes, in memory or in a file.
struct DocumentSource {
  let size: Int
  private let document: InputDocument

  init(_ document: InputDocument) throws(DocumentError) {
    self.document = document
    switch document.content {
    case .bytes(let bytes): size = bytes.count
    case .file(let file):
      var status = stat()
      guard fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw .unreadable(name: document.name, detail: "it is not a regular file")
      }
      size = Int(status.st_size)
    }
  }

  func prefix() throws(DocumentError) -> [UInt8] { try bytes(limit: Sniffer.prefixLength) }

  func bytes() throws(DocumentError) -> [UInt8] { try bytes(limit: size) }

  /// Returns a file for the child. Bytes in memory become a file without a name.
  func descriptor() throws -> Descriptor {
    switch document.content {
    case .bytes(let bytes): try MemoryFile.make(bytes)
    case .file(let file): file
    }
  }

  private func bytes(limit: Int) throws(DocumentError) -> [UInt8] {
    switch document.content {
    case .bytes(let bytes): return limit >= bytes.count ? bytes : Array(bytes.prefix(limit))
    case .file(let file):
      var bytes = [UInt8](repeating: 0, count: min(limit, size))
      var filled = 0
      while filled < bytes.count {
        let count = bytes.withUnsafeMutableBytes { buffer in
          pread(file.number, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(filled))
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          throw .unreadable(
            name: document.name, detail: count == 0 ? "it became shorter" : String(cString: strerror(errno)))
        }
        filled += count
      }
      return bytes
    }
  }
}
