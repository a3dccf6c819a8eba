import IngestCore
import IngestOperations

/// `ingestd document list`.
package enum DocumentListCommand: Command {
  package static let behind = Parameter(
    flag: "--behind", summary: "Only documents whose newest revision cannot be searched yet.")

  package static let spec = CommandSpec(
    "document list", "List the documents of an index", section: .documents,
    parameters: [
      SharedParameters.index.spec, SharedParameters.onlySource.spec, behind.spec, SharedParameters.limit.spec,
    ],
    examples: [.init("ingestd document list --source handbook", "One source's documents.")],
    exits: [.init(3, "the index does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let documents = try await context.withOperations {
      try await $0.documents(
        DocumentFilter(
          index: context[SharedParameters.index], source: context[SharedParameters.onlySource],
          behind: context[behind], limit: context[SharedParameters.limit]))
    }
    for document in documents { try context.console.json(document) }
    if documents.isEmpty { return context.console.note("no documents match") }
    var table = Table([
      .init("DOCUMENT"), .init("STATE"), .init("REV", isNumber: true), .init("CHUNKS", isNumber: true),
      .init("SOURCE", yields: 1), .init("URI", yields: 2, minimum: 12, keepsEnd: true),
    ])
    for document in documents {
      table.add([
        Table.Cell(document.document), Table.Cell(document.searchState.rawValue, document.searchState.style),
        Table.Cell("\(document.revision)"), Table.Cell(DecimalText.grouped(document.chunks)),
        Table.Cell(document.source), Table.Cell(document.uri),
      ])
    }
    try context.console.table(table)
  }
}
