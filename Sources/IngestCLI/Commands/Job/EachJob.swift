import IngestApp
import IngestCore
import IngestStore

/// Does something to each of the named jobs, tells what became of it, and goes on past refusals.
enum EachJob {
  /// What `--json` prints of each.
  private struct Line: Encodable {
    var job: String
    var state: JobState
  }

  static func run(
    _ context: CommandContext, _ installation: Installation, _ act: (JobID) async throws -> (JobState, String)
  ) async throws {
    var refusal: Failure?
    for text in context[JobSelection.ids] {
      do {
        let job = try await installation.store.resolveJob(text)
        let (state, words) = try await act(job)
        try context.console.json(Line(job: job.rawValue, state: state))
        try context.console.line("job \(job) \(words)")
      } catch let failure as Failure {
        try context.console.report(failure)
        refusal = refusal ?? failure
      }
    }
    if let refusal { throw ExitStatus(refusal.category.exitStatus) }
  }
}
