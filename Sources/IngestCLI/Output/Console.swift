internal import IngestAPI
package import IngestCore
internal import Synchronization

/// The output of a command: results on standard output, everything else on standard error.
///
/// Under `--json`, standard output carries only JSON. Output that is not to a terminal is buffered in blocks.
package final class Console: Sendable {
  package let terminal: Terminal
  package let isJSON: Bool
  package let isQuiet: Bool
  private let output: any ByteSink
  private let error: any ByteSink
  private let held = Mutex<[UInt8]>([])
  /// How many lines of ``LiveStatus`` are on the screen. The next output replaces them.
  let liveLines = Mutex(0)

  private static let block = 16 * 1024

  package init(
    terminal: Terminal, isJSON: Bool, isQuiet: Bool, output: any ByteSink = DescriptorSink.output,
    error: any ByteSink = DescriptorSink.error
  ) {
    self.terminal = terminal
    self.isJSON = isJSON
    self.isQuiet = isQuiet
    self.output = output
    self.error = error
  }

  // MARK: Results

  /// Prints a line; nothing under `--json`. The caller makes foreign text ``Swift/String/visible``.
  package func line(_ text: String = "") throws(OutputError) {
    if !isJSON { try put(text) }
  }

  /// Prints a line in a style.
  package func line(_ text: String, _ style: Style) throws(OutputError) {
    try line(style.paint(text, terminal.outputHasColour))
  }

  package func table(_ table: Table) throws(OutputError) {
    if !isJSON { try put(table.text(terminal)) }
  }

  /// Prints an object on its own line, under `--json` only. Its keys become snake case and are sorted.
  package func json(_ value: some Encodable) throws {
    if isJSON { try put(JSONText.encode(value)) }
  }

  /// Prints a text unchanged, such as a document's text or a completion script.
  package func raw(_ text: String) throws(OutputError) { try put(text, newline: false) }

  private func put(_ text: String, newline: Bool = true) throws(OutputError) {
    let full: [UInt8]? = held.withLock { held in
      held.append(contentsOf: text.utf8)
      if newline { held.append(UInt8(ascii: "\n")) }
      guard terminal.outputIsTerminal || held.count >= Self.block else { return nil }
      defer { held.removeAll(keepingCapacity: true) }
      return held
    }
    guard let full else { return }
    if terminal.outputIsTerminal { eraseLive() }
    try output.write(full)
  }

  /// Writes the buffered output. Commands that follow something call it after each line; the program calls it at its end.
  package func flush() throws(OutputError) {
    let rest = held.withLock { held in
      defer { held.removeAll() }
      return held
    }
    if !rest.isEmpty { try output.write(rest) }
  }

  // MARK: Standard error

  /// Prints a note to standard error; nothing under `--quiet`.
  package func note(_ text: String) {
    if !isQuiet { printError(text) }
  }

  /// Prints a warning to standard error, also under `--quiet`.
  package func warn(_ text: String) {
    printError(Style.warning.paint("warning: ", terminal.errorHasColour) + text)
  }

  /// Prints a failure: as JSON on standard output under `--json`, else on standard error.
  package func report(_ failure: Failure) throws {
    if isJSON {
      try put(JSONText.encode(ErrorResponse(failure)))
    } else {
      printError(FailureText.lines(failure, colour: terminal.errorHasColour).joined(separator: "\n"))
    }
  }

  /// Prints a line to standard error. Errors are ignored: if standard error is closed, nobody can read about it.
  func printError(_ text: String) {
    eraseLive()
    try? error.write(Array((text + "\n").utf8))
  }

  func writeError(_ text: String) { try? error.write(Array(text.utf8)) }

  private func eraseLive() {
    let lines = liveLines.withLock { lines in
      defer { lines = 0 }
      return lines
    }
    if lines > 0 { writeError(LiveStatus.erase(lines)) }
  }
}

/// JSON as the command line prints it: one line, with the actions and options in hints as commands and flags.
package enum JSONText {
  package static func encode(_ value: some Encodable) throws -> String {
    try APIJSON.encode(value, render: { $0.commandLine }, option: { $0.commandLine })
  }
}
