import Glibc
import IngestCore

/// An argument that carries JSON: the text itself, `@FILE`, or `-` for standard input.
struct DataArgument {
  /// How failures name the data, such as "an input".
  let noun: String
  /// The most bytes that the operation accepts.
  let limit: Int
  let unreadableCode: String
  let tooLargeCode: String
  let tooLargeHint: Hint

  /// The `--input` of `job run`.
  static let input = DataArgument(
    noun: "an input", limit: EnqueueRequest.inputLimit, unreadableCode: "INPUT_UNREADABLE",
    tooLargeCode: "INPUT_TOO_LARGE", tooLargeHint: "Put the data into a file and give the file's path.")
  /// The `--payload` of `job signal`.
  static let signal = DataArgument(
    noun: "a signal", limit: JobSignal.dataLimit, unreadableCode: "SIGNAL_DATA_UNREADABLE",
    tooLargeCode: "SIGNAL_TOO_LARGE", tooLargeHint: "Put the data into a file and send the file's path.")

  /// Returns the argument's data. It reads at most one slice more than ``limit``; text that is given directly is returned as it
  /// is, regardless of its size.
  /// - Throws: ``unreadableCode``, ``tooLargeCode``.
  func read(_ text: String) throws(Failure) -> String {
    if text == "-" { return try read(STDIN_FILENO, "standard input") }
    guard text.hasPrefix("@") else { return text }
    let path = String(text.dropFirst())
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    return try read(descriptor, path)
  }

  private func read(_ descriptor: Int32, _ name: String) throws(Failure) -> String {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &room, room.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(name, errno) }
      if count == 0 { break }
      bytes.append(contentsOf: room[..<count])
    }
    guard bytes.count <= limit else {
      throw Failure(
        .permanent, code: tooLargeCode, "\(name.visible) has more than the \(limit) bytes that \(noun) may have.",
        hint: tooLargeHint, category: .refused)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func unreadable(_ name: String, _ reason: Int32) -> Failure {
    Failure(
      .permanent, code: unreadableCode, "\(name.visible) cannot be read: \(String(cString: strerror(reason))).",
      hint: "Give JSON itself, @FILE, or - for standard input.", category: .invalid)
  }
}
