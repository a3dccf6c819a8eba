import IngestCore
import IngestOperations

/// `ingestd job retry`.
package enum JobRetryCommand: Command {
  package static let spec = CommandSpec(
    "job retry", "Make queued jobs due now, without waiting for their next try", section: .work,
    details: ["A limit or a pause still holds them back. For a dead job, use `ingestd dead redrive`."],
    parameters: JobSelection.bulk,
    examples: [
      .init("ingestd job retry 01KAEZ7", "Do not wait for the backoff to pass."),
      .init("ingestd job retry --reason exhausted", "All jobs that wait for quota."),
    ],
    exits: [.init(3, "no job has this id"), .init(4, "a named job is not queued")])

  package static func run(_ context: CommandContext) async throws {
    let isDryRun = context[JobSelection.dryRun]
    let changed = try await context.withOperations {
      try await $0.retryJobs(JobSelection.query(context), dryRun: isDryRun)
    }
    try JobsChangedText.print(changed, context) { change in
      "is due now" + (change.wait.map { ". \($0.commandLine)" } ?? "")
    }
  }
}
