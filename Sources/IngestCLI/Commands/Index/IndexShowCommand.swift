import IngestApp
import IngestCore
import IngestStore

/// `ingestd index show`.
package enum IndexShowCommand: Command {
  package static let spec = CommandSpec(
    "index show", "Show an index's generations and how far behind each is", group: .indexes,
    parameters: [SharedParameters.indexName.spec],
    examples: [.init("ingestd index show docs", "Live, candidates and the one to roll back to.")],
    exits: [.init(3, "the index does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    try await context.withInstallation { installation in
      let report = IndexReport(index: name, try await installation.store.generations(of: name))
      try context.console.json(report)
      var table = Table([
        .init("GENERATION", isNumber: true), .init("STATE"), .init("EMBEDDER", yields: 2),
        .init("DOCUMENTS", isNumber: true),
        .init("CHUNKS", isNumber: true), .init("BEHIND", isNumber: true), .init("DEAD", isNumber: true),
        .init("CREATED"),
      ])
      for generation in report.generations {
        table.add([
          Table.Cell("\(generation.generation)"),
          Table.Cell(generation.state.rawValue, generation.state == .live ? .good : nil),
          Table.Cell(generation.embedder), Table.Cell(DecimalText.grouped(generation.documents)),
          Table.Cell(DecimalText.grouped(generation.chunks)), Table.Cell(DecimalText.grouped(generation.behind)),
          Table.Cell(DecimalText.grouped(generation.dead)),
          Table.Cell(RelativeTime.text(generation.createdAt, now: context.clock.now)),
        ])
      }
      try context.console.table(table)
    }
  }
}
