import IngestCore
import IngestOperations

/// `ingestd dead purge`.
package enum DeadPurgeCommand: Command {
  package static let spec = CommandSpec(
    "dead purge", "Delete dead letters for good", group: .work,
    details: ["The documents stay in the catalogue, and what the index held of them before stays searchable."],
    parameters: DeadSelection.parameters,
    examples: [.init("ingestd dead purge --all --source trial", "All of one source.")],
    exits: [.init(3, "no dead letter has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      let filter = try await DeadSelection.selected(context, installation)
      let purged = try await installation.operations.jobs.purge(filter, actor: installation.operations.actor)
      try context.console.json(Purged(purged: purged))
      try context.console.line("\(DecimalText.count(purged, "dead letter")) deleted")
    }
  }

  /// What `--json` prints.
  private struct Purged: Encodable {
    var purged: Int
  }
}
