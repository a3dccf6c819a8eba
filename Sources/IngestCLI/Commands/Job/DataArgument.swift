import Glibc

/// An argument that holds data: the text itself, `@FILE`, or `-` for standard input.
enum DataArgument {
  enum Problem: Error {
    case unreadable(name: String, code: Int32)
    case tooLarge(name: String)
  }

  /// Returns the data. Of a file or standard input it reads at most `limit` bytes and one slice of 16 KiB; a text that is
  /// given itself is returned as it is, regardless of its size.
  static func read(_ text: String, limit: Int) throws(Problem) -> String {
    if text == "-" { return try read(STDIN_FILENO, "standard input", limit) }
    guard text.hasPrefix("@") else { return text }
    let path = String(text.dropFirst())
    // Without O_NONBLOCK, opening a named pipe that has no writer would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(name: path, code: errno) }
    defer { close(descriptor) }
    return try read(descriptor, path, limit)
  }

  private static func read(_ descriptor: Int32, _ name: String, _ limit: Int) throws(Problem) -> String {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &room, room.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(name: name, code: errno) }
      if count == 0 { break }
      bytes.append(contentsOf: room[..<count])
    }
    guard bytes.count <= limit else { throw .tooLarge(name: name) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
