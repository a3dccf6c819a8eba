import IngestCore
import IngestOperations

/// `ingestd dead quarantine`.
package enum DeadQuarantineCommand: Command {
  package static let spec = CommandSpec(
    "dead quarantine", "List contents on which processes died, and which are quarantined", section: .work,
    details: [
      "After three deaths with no other document in the process, no job runs the content any more."
    ],
    examples: [.init("ingestd dead quarantine", "The contents and their documents.")])

  package static func run(_ context: CommandContext) async throws {
    let contents = try await context.withOperations { try await $0.quarantine() }
    for content in contents { try context.console.json(content) }
    if contents.isEmpty { return context.console.note("no content has killed a process") }
    var table = Table([
      .init("CONTENT"), .init("DEATHS", isNumber: true), .init("STATE"), .init("LAST"),
      .init("DOCUMENT", yields: 1, minimum: 12, keepsEnd: true),
    ])
    for content in contents {
      let more = content.documents > 1 ? " and \(content.documents - 1) more" : ""
      table.add([
        Table.Cell(String(content.content.prefix(12))), Table.Cell("\(content.deaths)"),
        Table.Cell(content.quarantined ? "quarantined" : "watched", content.quarantined ? .bad : nil),
        Table.Cell(RelativeTime.text(content.changedAt, now: context.clock.now)),
        Table.Cell((content.uri ?? "") + more),
      ])
    }
    try context.console.table(table)
  }
}
