import IngestCore
import IngestOperations

/// `ingestd job retry`.
package enum JobRetryCommand: Command {
  package static let spec = CommandSpec(
    "job retry", "Make queued jobs due now, whatever they wait for", group: .work,
    details: ["For a dead job use `ingestd dead redrive`."],
    parameters: [SharedParameters.jobs.spec],
    examples: [.init("ingestd job retry 01KAEZ7", "Try at once in place of waiting out the backoff.")],
    exits: [.init(3, "no job has this id"), .init(4, "the job is not queued")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      try await EachJob.run(context, installation) { job in
        (try await installation.operations.jobs.retry(job, actor: installation.operations.actor), "is due now")
      }
    }
  }
}
