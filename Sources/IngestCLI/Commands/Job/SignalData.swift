import Glibc
import IngestCore

/// What `--payload` says: JSON itself, `@FILE`, or `-` for standard input.
enum SignalData {
  /// Whether a value of `--data` can only be meant as a signal's: a folder of such a name is given as `./NAME`.
  @Sendable static func isData(_ text: String) -> Bool {
    text == "-" || ["@", "{", "[", "\""].contains { text.hasPrefix($0) } || JSONValue(parsing: text) != nil
  }

  /// - Throws: `SIGNAL_DATA_UNREADABLE`, `SIGNAL_TOO_LARGE`: no more is read than a signal may have.
  static func read(_ text: String?) throws -> String {
    guard let text else { return "null" }
    if text == "-" { return try read(STDIN_FILENO, "standard input") }
    guard text.hasPrefix("@") else { return text }
    let path = String(text.dropFirst())
    // Without O_NONBLOCK a named pipe that nobody writes to would be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    return try read(descriptor, path)
  }

  private static func read(_ descriptor: Int32, _ name: String) throws -> String {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= JobSignal.dataLimit {
      let count = Glibc.read(descriptor, &room, room.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(name, errno) }
      if count == 0 { break }
      bytes.append(contentsOf: room[..<count])
    }
    guard bytes.count <= JobSignal.dataLimit else {
      throw Failure(
        .permanent, code: "SIGNAL_TOO_LARGE",
        "\(name.visible) has more than the \(JobSignal.dataLimit) bytes that a signal may have.",
        hint: "Put large things into a file and send its path.", category: .refused)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func unreadable(_ name: String, _ code: Int32) -> Failure {
    Failure(
      .permanent, code: "SIGNAL_DATA_UNREADABLE",
      "\(name.visible) cannot be read: \(String(cString: strerror(code))).",
      hint: "Give JSON itself, @FILE, or - for standard input.", category: .invalid)
  }
}
