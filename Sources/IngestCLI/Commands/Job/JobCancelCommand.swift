import IngestCore
import IngestOperations

/// `ingestd job cancel`.
package enum JobCancelCommand: Command {
  package static let spec = CommandSpec(
    "job cancel", "Cancel jobs; running ones stop at their next safe point", section: .work,
    parameters: JobSelection.bulk,
    examples: [
      .init("ingestd job cancel 01KAEZ7", "One job."),
      .init("ingestd job cancel --source trial --dry-run", "Show what would happen to a source's open jobs."),
    ],
    exits: [.init(3, "no job has this id"), .init(4, "a named job has ended already")])

  package static func run(_ context: CommandContext) async throws {
    let isDryRun = context[JobSelection.dryRun]
    let changed = try await context.withOperations {
      try await $0.cancelJobs(JobSelection.query(context), dryRun: isDryRun)
    }
    try JobsChangedText.print(changed, context) { change in
      change.verdict == .stopping ? "runs and was asked to stop at the next safe point" : "was cancelled"
    }
  }
}
