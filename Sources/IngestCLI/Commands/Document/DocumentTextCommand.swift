import IngestAPI
import IngestOperations

/// `ingestd document text`.
package enum DocumentTextCommand: Command {
  package static let page = Parameter(
    option: "--page", type: .integer("N", 1...Int.max), summary: "Only this page; the first is 1.")

  package static let spec = CommandSpec(
    "document text", "Print a document's text as the parser read it", section: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec, page.spec,
    ],
    examples: [.init("ingestd document text 01KAEZ7 --page 3", "The third page.")],
    exits: [
      .init(1, "its job died before it had read the document"), .init(3, "there is no such document or page"),
      .init(75, "it has not been read yet"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let (document, pages) = try await context.withOperations {
      try await $0.text(
        of: context[SharedParameters.document], index: context[SharedParameters.index],
        source: context[SharedParameters.onlySource], page: context[page])
    }
    let responses = pages.map { DocumentPageResponse(document, $0) }
    for response in responses { try context.console.json(response) }
    if !context.console.isJSON { try PageText.print(responses.map(\.text), context.console) }
  }
}
