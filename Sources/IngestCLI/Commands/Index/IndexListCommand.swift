import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index list`.
package enum IndexListCommand: Command {
  package static let spec = CommandSpec(
    "index list", "List the indexes and their live generations", section: .indexes,
    examples: [.init("ingestd index list", "All indexes.")])

  package static func run(_ context: CommandContext) async throws {
    let listings = try await context.withOperations { try await $0.indexes() }
    var table = Table([
      .init("INDEX", yields: 1), .init("LIVE", isNumber: true), .init("GENERATIONS", isNumber: true),
      .init("DOCUMENTS", isNumber: true), .init("CHUNKS", isNumber: true), .init("BEHIND", isNumber: true),
    ])
    for listing in listings {
      try context.console.json(IndexResponse(listing))
      let live = listing.live
      table.add(
        listing.index, live.map { "\($0.generation.number)" } ?? "-",
        "\(listing.generations.filter { $0.generation.state != .deleted }.count)",
        DecimalText.grouped(live?.documents ?? 0), DecimalText.grouped(live?.chunks ?? 0),
        DecimalText.grouped(live?.behind ?? 0))
    }
    try context.console.table(table)
  }
}
