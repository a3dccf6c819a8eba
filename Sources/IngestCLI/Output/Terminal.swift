@preconcurrency internal import Glibc

/// The properties of the two output streams, determined once at the start.
package struct Terminal: Sendable, Hashable {
  /// Whether standard output is a terminal.
  package var outputIsTerminal: Bool
  /// Whether standard error is a terminal, where progress lines may replace each other.
  package var errorIsTerminal: Bool
  /// In columns; 80 without a terminal.
  package var width: Int
  package var outputHasColour: Bool
  package var errorHasColour: Bool
  /// Whether the locale can show more than ASCII. Data is printed unchanged in any case.
  package var isUnicode: Bool

  package init(
    outputIsTerminal: Bool = false, errorIsTerminal: Bool = false, width: Int = 80, outputHasColour: Bool = false,
    errorHasColour: Bool = false, isUnicode: Bool = true
  ) {
    self.outputIsTerminal = outputIsTerminal
    self.errorIsTerminal = errorIsTerminal
    self.width = width
    self.outputHasColour = outputHasColour
    self.errorHasColour = errorHasColour
    self.isUnicode = isUnicode
  }

  /// Determines width, colour and encoding from the streams and the environment, by https://no-color.org.
  package init(
    outputIsTerminal: Bool, errorIsTerminal: Bool, columns: Int?, environment: [String: String], noColour: Bool
  ) {
    let isDumb = environment["TERM"] == "dumb"
    let allowsColour = !noColour && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let encoding = locale.lowercased()
    self.init(
      outputIsTerminal: outputIsTerminal, errorIsTerminal: errorIsTerminal && !isDumb,
      width: max(20, columns ?? environment["COLUMNS"].flatMap(Int.init) ?? 80),
      outputHasColour: outputIsTerminal && allowsColour, errorHasColour: errorIsTerminal && allowsColour,
      isUnicode: encoding.hasSuffix("utf-8") || encoding.hasSuffix("utf8"))
  }

  /// Returns the properties of this process's streams.
  package static func current(environment: [String: String], noColour: Bool) -> Terminal {
    let output = isatty(STDOUT_FILENO) == 1
    let error = isatty(STDERR_FILENO) == 1
    var columns: Int?
    if output || error {
      var size = winsize()
      let descriptor = output ? STDOUT_FILENO : STDERR_FILENO
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { columns = Int(size.ws_col) }
    }
    return Terminal(
      outputIsTerminal: output, errorIsTerminal: error, columns: columns, environment: environment, noColour: noColour)
  }

  package var ellipsis: String { isUnicode ? "…" : "..." }
}

/// Text styles by meaning, so that all commands use the same ones.
package enum Style: String, Sendable {
  case heading = "1"
  case good = "32"
  case warning = "33"
  case bad = "31"
  case dim = "2"
  case match = "36"

  package func paint(_ text: String, _ on: Bool) -> String {
    on && !text.isEmpty ? "\u{1b}[\(rawValue)m\(text)\u{1b}[0m" : text
  }
}
