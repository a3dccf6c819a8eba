import IngestCore
import IngestOperations

/// `ingestd index history`.
package enum IndexHistoryCommand: Command {
  package static let spec = CommandSpec(
    "index history", "Show who built, swapped and rolled back what, and when", section: .indexes,
    parameters: [SharedParameters.indexName.spec, SharedParameters.limit.spec],
    examples: [.init("ingestd index history docs", "Newest first.")],
    exits: [.init(3, "the index does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let entries = try await context.withOperations {
      try await $0.history(of: context[SharedParameters.indexName], limit: context[SharedParameters.limit])
    }
    var table = Table([
      .init("TIME"), .init("GENERATION", isNumber: true), .init("EVENT"), .init("ACTOR", yields: 2),
      .init("DETAIL", yields: 1),
    ])
    for entry in entries {
      try context.console.json(entry)
      table.add(entry.at.description, "\(entry.generation)", entry.kind, entry.actor, entry.detail ?? "")
    }
    try context.console.table(table)
  }
}
