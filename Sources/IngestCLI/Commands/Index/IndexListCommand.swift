import IngestApp
import IngestCore
import IngestStore

/// `ingestd index list`.
package enum IndexListCommand: Command {
  package static let spec = CommandSpec(
    "index list", "List the indexes and their live generations", group: .indexes,
    examples: [.init("ingestd index list", "All of them.")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      var table = Table([
        .init("INDEX", yields: 1), .init("LIVE", isNumber: true), .init("GENERATIONS", isNumber: true),
        .init("DOCUMENTS", isNumber: true), .init("CHUNKS", isNumber: true), .init("BEHIND", isNumber: true),
      ])
      for name in try await installation.store.indexNames() {
        let report = IndexReport(index: name, try await installation.store.generations(of: name))
        try context.console.json(report)
        let live = report.generations.first { $0.state == .live }
        table.add(
          name, report.live.map(String.init) ?? "-", "\(report.generations.filter { $0.state != .deleted }.count)",
          DecimalText.grouped(live?.documents ?? 0), DecimalText.grouped(live?.chunks ?? 0),
          DecimalText.grouped(live?.behind ?? 0))
      }
      try context.console.table(table)
    }
  }
}
