import IngestCore
import IngestOperations

/// `ingestd job retry`.
package enum JobRetryCommand: Command {
  package static let spec = CommandSpec(
    "job retry", "Make queued jobs due now, whatever they wait for", section: .work,
    details: ["A limit or a pause that holds them still does. For a dead job use `ingestd dead redrive`."],
    parameters: JobSelection.bulk,
    examples: [
      .init("ingestd job retry 01KAEZ7", "Try at once in place of waiting out the backoff."),
      .init("ingestd job retry --reason exhausted", "All that waited for quota."),
    ],
    exits: [.init(3, "no job has this id"), .init(4, "the job is not queued")])

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
