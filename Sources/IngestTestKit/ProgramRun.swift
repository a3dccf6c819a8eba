/// The result of a program that ran to its end.
package struct ProgramRun: Sendable {
  /// The exit status, or 128 plus the number of the signal that ended the program.
  package let status: Int32
  package let output: String
  package let error: String

  package init(status: Int32, output: String, error: String) {
    self.status = status
    self.output = output
    self.error = error
  }

  /// Runs a program that was built beside the tests and waits for its end; see ``RunningProgram``.
  package static func run(
    _ program: String = "ingestd", _ arguments: [String], environment: [String: String] = [:], input: String = "",
    folder: String? = nil
  ) async throws -> ProgramRun {
    let running = try RunningProgram(
      program, arguments, environment: environment, input: Array(input.utf8), folder: folder)
    let status = try await running.wait()
    return ProgramRun(status: status, output: running.output, error: running.error)
  }

  /// The lines of standard output without the empty ones.
  package var lines: [Substring] { output.split(separator: "\n") }
}
