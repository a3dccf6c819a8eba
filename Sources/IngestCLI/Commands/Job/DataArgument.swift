import Glibc

/// An argument that carries data: the text itself, `@FILE`, or `-` for standard input.
enum DataArgument {
  enum Problem: Error {
    case unreadable(name: String, code: Int32)
    case tooLarge(name: String)
  }

  /// Reads no more than `limit` bytes and one slice. The text itself is given back as it is, whatever its size.
  static func read(_ text: String, limit: Int) throws(Problem) -> String {
    if text == "-" { return try read(STDIN_FILENO, "standard input", limit) }
    guard text.hasPrefix("@") else { return text }
    let path = String(text.dropFirst())
    // Without O_NONBLOCK a named pipe that nobody writes to would be waited for.
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
