import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd dead purge`.
package enum DeadPurgeCommand: Command {
  package static let spec = CommandSpec(
    "dead purge", "Delete dead letters for good", section: .work,
    details: ["The documents stay in the catalogue, and the revisions that the index holds stay searchable."],
    parameters: DeadSelection.parameters,
    examples: [
      .init("ingestd dead purge --source trial", "All of one source."),
      .init("ingestd dead purge --older-than 30d --dry-run", "Show which are older than 30 days."),
    ],
    exits: [
      .init(3, "no dead letter has this id"), .init(75, "the child jobs of a named letter are still being cancelled"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let query = DeadSelection.query(context)
    let report = try await context.withOperations {
      try await $0.purge(query, dryRun: context[JobSelection.dryRun])
    }
    try context.console.json(BulkResponse.purge(report))
    let summary = BulkSummary(report: report, now: context.clock.now)
    if report.isDryRun {
      try summary.print(context.console)
    } else {
      try context.console.line("\(DecimalText.count(report.count(.purged), "dead letter")) deleted")
    }
    try summary.conclude(named: !query.ids.isEmpty)
  }
}
