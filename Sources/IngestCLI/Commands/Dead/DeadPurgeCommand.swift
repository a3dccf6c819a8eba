import IngestApp
import IngestCore
import IngestOperations

/// `ingestd dead purge`.
package enum DeadPurgeCommand: Command {
  package static let spec = CommandSpec(
    "dead purge", "Delete dead letters for good", group: .work,
    details: ["The documents stay in the catalogue, and what the index held of them before stays searchable."],
    parameters: DeadSelection.parameters,
    examples: [
      .init("ingestd dead purge --source trial", "All of one source."),
      .init("ingestd dead purge --older-than 30d --dry-run", "What is old."),
    ],
    exits: [.init(3, "no dead letter has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let filter = try await DeadSelection.selected(context, installation)
      let report = try await installation.operations(as: context.actor).jobs.act(
        .purge, on: filter, dryRun: context[JobSelection.dryRun], actor: context.actor.description)
      let purged = report.count(.purged)
      try context.console.json(Purged(bulk: BulkSummary.Line(report), purged: purged))
      let summary = BulkSummary(report: report, now: context.clock.now)
      if report.isDryRun {
        try summary.print(context.console)
      } else {
        try context.console.line("\(DecimalText.count(purged, "dead letter")) deleted")
      }
      try summary.conclude(named: filter.ids != nil)
    }
  }

  /// What `--json` prints.
  private struct Purged: Encodable {
    var bulk: BulkSummary.Line
    var purged: Int

    private enum Key: CodingKey { case purged }

    func encode(to encoder: any Encoder) throws {
      try bulk.encode(to: encoder)
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(purged, forKey: .purged)
    }
  }
}
