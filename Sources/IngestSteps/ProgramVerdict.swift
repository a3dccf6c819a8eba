private import Glibc
package import IngestCore
package import IngestProcess

/// What the end of a program means: its result, or a failure of one kind.
package struct ProgramVerdict {
  private let command: ProgramCommand
  private let end: ProgramEnd
  /// Of standard error: mostly what says why.
  private let lastLine: String?

  package init(_ command: ProgramCommand, _ end: ProgramEnd, lastLine: String?) {
    self.command = command
    self.end = end
    self.lastLine = lastLine
  }

  /// JSON, in one line.
  package func result() throws(Failure) -> String {
    if end.isTooLong { throw tooLong }
    switch end.status {
    case .exited(0): return try printed()
    case .exited(let status): throw failed(status)
    case .signalled(SIGXCPU):
      throw Failure(
        .permanent, code: "EXEC_CPU_LIMIT", "\(command.program) used up the processor time that its step allows.",
        hint: "Raise `cpu` in the workflow if the work is sound but long.")
    case .signalled(let signal):
      let memory = signal == SIGKILL ? "; the system does so when memory runs out" : ""
      throw Failure(
        .transient, code: "EXEC_SIGNALLED", "\(command.program) was ended by signal \(signal)\(memory)\(because).",
        hint: "\(Action(.jobLogs)) shows what it said.")
    }
  }

  private func printed() throws(Failure) -> String {
    let isBlank = end.output.allSatisfy { [9, 10, 13, 32].contains($0) }
    if isBlank { return "{}" }
    guard let value = JSONValue(parsing: end.output), case .object = value else {
      throw Failure(
        .permanent, code: "EXEC_OUTPUT_INVALID",
        "\(command.program) ended well, but what it printed is no JSON object; it begins \(beginning).",
        hint: "Print one JSON object on standard output and everything else on standard error.")
    }
    let text = value.description
    guard text.utf8.count <= StepOutput.resultLimit else {
      throw Failure(
        .permanent, code: "EXEC_RESULT_TOO_LARGE",
        "\(command.program) printed a result of \(text.utf8.count) bytes; \(StepOutput.resultLimit) are the most.",
        hint: "Keep large things elsewhere, and print where they are.")
    }
    return text
  }

  private func failed(_ status: Int32) -> Failure {
    let failure = Failure(
      command.kind(status), code: "EXEC_FAILED", "\(command.program) ended with status \(status)\(because).",
      hint: "\(Action(.jobLogs)) shows what it said.")
    return ToldFailure(JSONValue(parsing: end.output))?.over(failure) ?? failure
  }

  private var tooLong: Failure {
    Failure(
      .permanent, code: "EXEC_OUTPUT_TOO_LONG",
      "\(command.program) printed more than \(ExecStep.outputLimit) bytes and was ended; they begin \(beginning).",
      hint: "Print one small JSON object on standard output, and keep large things elsewhere.")
  }

  private var because: String { lastLine.map { "; its last words: \($0.bounded(to: 300))" } ?? "" }

  private var beginning: String {
    "\"\(String(decoding: end.output.prefix(200), as: UTF8.self).bounded(to: 80))\""
  }
}

extension String {
  /// In one line, without control characters, and with a mark where it was cut.
  fileprivate func bounded(to most: Int) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars.prefix(most) {
      text.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? " " : scalar)
    }
    return unicodeScalars.count > most ? String(text) + "…" : String(text)
  }
}
