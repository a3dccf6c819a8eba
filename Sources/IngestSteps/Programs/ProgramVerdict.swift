private import Glibc
package import IngestCore
package import IngestProcess

/// The meaning of a program's end: its result, or a failure of one kind.
package struct ProgramVerdict {
  private let command: ProgramCommand
  private let end: ProgramEnd
  /// The last line of standard error, which usually says why the program failed.
  private let lastLine: String?

  package init(_ command: ProgramCommand, _ end: ProgramEnd, lastLine: String?) {
    self.command = command
    self.end = end
    self.lastLine = lastLine
  }

  /// Returns the result as JSON in one line.
  package func result() throws(Failure) -> String {
    if end.isTooLong { throw tooLong }
    switch end.status {
    case .exited(0): return try printed()
    case .exited(let status): throw failed(status)
    case .signalled(SIGXCPU):
      throw Failure(
        .permanent, code: "EXEC_CPU_LIMIT", "\(command.program) used all the processor time that its step allows.",
        hint: "If the program only needs more time, raise `cpu` in the workflow.")
    case .signalled(let signal):
      let memory = signal == SIGKILL ? ", which the system also sends when memory runs out" : ""
      throw Failure(
        .transient, code: "EXEC_SIGNALLED", "\(command.program) was ended by signal \(signal)\(memory)\(because).",
        hint: "Read its log with \(Action(.jobLogs)).")
    }
  }

  private func printed() throws(Failure) -> String {
    let isBlank = end.output.allSatisfy { [9, 10, 13, 32].contains($0) }
    if isBlank { return "{}" }
    guard let value = JSONValue(parsing: end.output), case .object = value else {
      throw Failure(
        .permanent, code: "EXEC_OUTPUT_INVALID",
        "\(command.program) succeeded, but its output is not a JSON object; it begins \(beginning).",
        hint: "Print one JSON object to standard output and everything else to standard error.")
    }
    let text = value.description
    guard text.utf8.count <= StepOutput.resultLimit else {
      throw Failure(
        .permanent, code: "EXEC_RESULT_TOO_LARGE",
        "\(command.program) printed a result of \(text.utf8.count) bytes; at most \(StepOutput.resultLimit) are allowed.",
        hint: "Store large data elsewhere and print its location.")
    }
    return text
  }

  private func failed(_ status: Int32) -> Failure {
    let failure = Failure(
      command.kind(status), code: "EXEC_FAILED", "\(command.program) ended with status \(status)\(because).",
      hint: "Read its log with \(Action(.jobLogs)).")
    return ReportedFailure(JSONValue(parsing: end.output))?.over(failure) ?? failure
  }

  private var tooLong: Failure {
    Failure(
      .permanent, code: "EXEC_OUTPUT_TOO_LONG",
      "\(command.program) printed more than \(ExecStep.outputLimit) bytes and was killed; they begin \(beginning).",
      hint: "Print one small JSON object to standard output, and store large data elsewhere.")
  }

  private var because: String { lastLine.map { "; last line of its log: \($0.bounded(to: 300))" } ?? "" }

  private var beginning: String {
    "\"\(String(decoding: end.output.prefix(200), as: UTF8.self).bounded(to: 80))\""
  }
}

extension String {
  /// Returns the text in one line, without control characters, cut to `most` characters and then marked with "…".
  fileprivate func bounded(to most: Int) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars.prefix(most) {
      text.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? " " : scalar)
    }
    return unicodeScalars.count > most ? String(text) + "…" : String(text)
  }
}
