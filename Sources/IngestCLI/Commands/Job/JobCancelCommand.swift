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
