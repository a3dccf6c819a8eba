import Glibc
import IngestCore

/// The JSON that `--payload` gives: the text itself, `@FILE`, or `-` for standard input.
enum SignalData {
  /// Returns whether a value of `--data` is a signal's data. A data folder with such a name is written `./NAME`.
  @Sendable static func isData(_ text: String) -> Bool {
    text == "-" || ["@", "{", "[", "\""].contains { text.hasPrefix($0) } || JSONValue(parsing: text) != nil
  }

  /// - Throws: `SIGNAL_DATA_UNREADABLE`; `SIGNAL_TOO_LARGE` above 64 KiB, of which the rest is not read.
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
          hint: "Put the data into a file and send the file's path.", category: .refused)
      }
    }
  }
}
