private import Glibc

/// Functions that read small files as a whole.
enum FileBytes {
  enum Mistake: Error, Hashable {
    case missing
    /// With the system's message.
    case unreadable(String)
  }

  /// Reads a file.
  /// - Parameter limit: the most bytes. Of a larger file, `limit` + 1 bytes are returned, so that the caller can detect
  ///   it.
  static func read(_ path: String, limit: Int) throws(Mistake) -> [UInt8] {
    // Without O_NONBLOCK a named pipe would block the start forever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(reason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(reason()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable("it is not a regular file") }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit + 1 - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(reason()) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  /// Returns the names in a folder, sorted, without hidden ones.
  static func names(in folder: String) throws(Mistake) -> [String] {
    guard let directory = opendir(folder) else { throw errno == ENOENT ? .missing : .unreadable(reason()) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
