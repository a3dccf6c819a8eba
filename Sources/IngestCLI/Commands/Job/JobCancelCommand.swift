import IngestCore
import IngestOperations
import IngestStore

/// `ingestd job cancel`.
package enum JobCancelCommand: Command {
  package static let spec = CommandSpec(
    "job cancel", "Cancel jobs; running ones stop at the next safe point", group: .work,
    parameters: [SharedParameters.jobs.spec],
    examples: [.init("ingestd job cancel 01KAEZ7", "One job.")],
    exits: [.init(3, "no job has this id"), .init(4, "the job has ended already")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      try await EachJob.run(context, installation) { job in
        let before = try await installation.store.job(job).state
        if before.isEnd {
          throw Failure(
            .permanent, code: "JOB_ENDED", "Job \(job) has ended already: it is \(before.rawValue).",
            hint: before == .dead
              ? "`ingestd dead purge \(job)` forgets a dead letter." : "There is nothing left to cancel.",
            category: .refused)
        }
        switch try await installation.operations.jobs.cancel(job, actor: installation.operations.actor) {
        case .cancelled: return (.cancelled, "was cancelled")
        case .running: return (.running, "runs and was asked to stop at the next safe point")
        case let state: return (state, "ended meanwhile: it is \(state.rawValue)")
        }
      }
    }
  }
}

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
    for text in context[SharedParameters.jobs] {
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
