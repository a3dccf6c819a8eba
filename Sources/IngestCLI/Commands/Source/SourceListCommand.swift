import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd source list`.
package enum SourceListCommand: Command {
  package static let spec = CommandSpec(
    "source list", "List the sources with their weights, limits and states", section: .work,
    details: [
      "The busiest sources come first. LIMITS has the limits of the source as a whole; `ingestd source show` has all."
    ],
    parameters: [SharedParameters.limit.spec],
    examples: [.init("ingestd source list", "All sources at a glance.")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let (sources, pauses) = try await operations.sources(limit: context[SharedParameters.limit])
      for source in sources { try context.console.json(SourceResponse(source)) }
      if sources.isEmpty { context.console.note("no sources yet: `ingestd submit` creates them") }
      var table = Table([
        .init("SOURCE", yields: 2, minimum: 10), .init("WEIGHT", isNumber: true), .init("QUEUED", isNumber: true),
        .init("RUNNING", isNumber: true), .init("DEAD", isNumber: true), .init("LIMITS", yields: 3, minimum: 8),
        .init("STATE", yields: 1, minimum: 12),
      ])
      for source in sources {
        table.add([
          Table.Cell(source.source), Table.Cell(SourceText.weight(source.weight)),
          Table.Cell(DecimalText.grouped(source.queued)), Table.Cell(DecimalText.grouped(source.running)),
          Table.Cell(DecimalText.grouped(source.dead), source.dead > 0 ? .bad : nil),
          Table.Cell(source.limits.map(SourceText.limit).joined(separator: ", ")),
          Table.Cell(
            SourceText.state(source, now: context.clock.now), source.paused || source.reason != nil ? .warning : nil),
        ])
      }
      if !sources.isEmpty { try context.console.table(table) }
      SourceText.note(pauses, context.console)
    }
  }
}
