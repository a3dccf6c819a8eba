import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index show`.
package enum IndexShowCommand: Command {
  package static let spec = CommandSpec(
    "index show", "Show an index's generations and how far behind each is", section: .indexes,
    parameters: [SharedParameters.indexName.spec],
    examples: [.init("ingestd index show docs", "The live generation, candidates, and the one to roll back to.")],
    exits: [.init(3, "the index does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let listing = try await context.withOperations { try await $0.index(context[SharedParameters.indexName]) }
    try context.console.json(IndexResponse(listing))
    var table = Table([
      .init("GENERATION", isNumber: true), .init("STATE"), .init("EMBEDDER", yields: 2),
      .init("DOCUMENTS", isNumber: true),
      .init("CHUNKS", isNumber: true), .init("BEHIND", isNumber: true), .init("DEAD", isNumber: true),
      .init("CREATED"),
    ])
    for report in listing.generations {
      let generation = report.generation
      table.add([
        Table.Cell("\(generation.number)"),
        Table.Cell(generation.state.rawValue, generation.state == .live ? .good : nil),
        Table.Cell(generation.spec.embedder.name), Table.Cell(DecimalText.grouped(report.documents)),
        Table.Cell(DecimalText.grouped(report.chunks)), Table.Cell(DecimalText.grouped(report.behind)),
        Table.Cell(DecimalText.grouped(report.dead)),
        Table.Cell(RelativeTime.text(generation.createdAt, now: context.clock.now)),
      ])
    }
    try context.console.table(table)
  }
}
