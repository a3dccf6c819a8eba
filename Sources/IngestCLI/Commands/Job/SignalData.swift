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
    do throws(DataArgument.Problem) {
      return try DataArgument.read(text, limit: JobSignal.dataLimit)
    } catch {
      switch error {
      case .unreadable(let name, let code):
        throw Failure(
          .permanent, code: "SIGNAL_DATA_UNREADABLE",
          "\(name.visible) cannot be read: \(String(cString: strerror(code))).",
          hint: "Give JSON itself, @FILE, or - for standard input.", category: .invalid)
      case .tooLarge(let name):
        throw Failure(
          .permanent, code: "SIGNAL_TOO_LARGE",
          "\(name.visible) has more than the \(JobSignal.dataLimit) bytes that a signal may have.",
          hint: "Put large things into a file and send its path.", category: .refused)
      }
    }
  }
}
