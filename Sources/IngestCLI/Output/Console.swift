internal import IngestAPI
package import IngestCore
internal import Synchronization

/// The two streams as commands use them: results on standard output, all else on standard error.
///
/// Under `--json` standard output carries JSON alone. Output is held back in blocks unless a person watches.
package final class Console: Sendable {
  package let terminal: Terminal
  package let isJSON: Bool
  package let isQuiet: Bool
  private let output: any ByteSink
  private let error: any ByteSink
  private let held = Mutex<[UInt8]>([])
  /// The lines of ``LiveStatus`` that are on the screen, to be drawn over.
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

  /// A line for people; nothing under `--json`. The caller makes foreign text ``Swift/String/visible``.
  package func line(_ text: String = "") throws(OutputError) {
    if !isJSON { try put(text) }
  }

  /// A line in a style.
  package func line(_ text: String, _ style: Style) throws(OutputError) {
    try line(style.paint(text, terminal.outputHasColour))
  }

  package func table(_ table: Table) throws(OutputError) {
    if !isJSON { try put(table.text(terminal)) }
  }

  /// An object on a line of its own, under `--json` only; its keys become snake case and sorted.
  package func json(_ value: some Encodable) throws {
    if isJSON { try put(JSONText.encode(value)) }
  }

  /// Bytes as they are, such as a document's text or a completion script.
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

  /// Writes what is held back. A command that follows something calls it after each line; the entry calls it at the end.
  package func flush() throws(OutputError) {
    let rest = held.withLock { held in
      defer { held.removeAll() }
      return held
    }
    if !rest.isEmpty { try output.write(rest) }
  }

  // MARK: Standard error

  /// A word beside the results; not under `--quiet`.
  package func note(_ text: String) {
    if !isQuiet { tell(text) }
  }

  /// A warning, which `--quiet` does not silence.
  package func warn(_ text: String) {
    tell(Style.warning.paint("warning: ", terminal.errorHasColour) + text)
  }

  /// Tells a failure: on standard output as JSON under `--json`, else on standard error.
  package func report(_ failure: Failure) throws {
    if isJSON {
      try put(JSONText.encode(ErrorResponse(failure)))
    } else {
      tell(FailureText.lines(failure, colour: terminal.errorHasColour).joined(separator: "\n"))
    }
  }

  /// Standard error is told what it can take: when it is gone there is nobody left to tell.
  func tell(_ text: String) {
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

/// JSON as the command line prints it: one line, with the commands that hints name written out.
package enum JSONText {
  package static func encode(_ value: some Encodable) throws -> String {
    try APIJSON.encode(value) { $0.commandLine }
  }
}
