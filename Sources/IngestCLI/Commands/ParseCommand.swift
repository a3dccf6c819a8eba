import IngestAPI
import IngestApp
import IngestCore
import IngestOperations

/// `ingestd parse`.
package enum ParseCommand: Command {
  package static let file = Parameter(argument: .file("FILE"), summary: "A document, or - for standard input.")
  package static let chunks = Parameter(
    flag: "--chunks", summary: "Show the chunks that would be embedded, not the text.")

  package static let spec = CommandSpec(
    "parse", "Show the text or chunks of a file, and store nothing", section: .documents, data: .none,
    parameters: [file.spec, chunks.spec, SharedParameters.passwordFile.spec],
    examples: [
      .init("ingestd parse report.pdf", "Its text, page by page."),
      .init("ingestd parse report.pdf --chunks --json", "Its chunks, one JSON object per line."),
    ],
    exits: [.init(1, "the file cannot be read as a document"), .init(3, "the file does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let preview = try await context.request().preview(
      context[file], passwordFile: context[SharedParameters.passwordFile], cuts: context[chunks])
    if let cut = preview.chunks {
      for chunk in cut {
        try context.console.json(chunk)
        try ChunkText.print(chunk, context.console)
      }
      note(preview, "\(cut.count) chunks", context)
    } else {
      for page in preview.pages { try context.console.json(PreviewPageResponse(page, of: preview)) }
      if !context.console.isJSON { try PageText.print(preview.pages.map(\.text), context.console) }
      note(preview, "\(DecimalText.grouped(preview.characters)) characters", context)
    }
  }

  private static func note(_ preview: DocumentPreview, _ what: String, _ context: CommandContext) {
    let title = preview.title.isEmpty ? "" : " “\(preview.title.visible.shortened(to: 60))”"
    let count = preview.pages.count
    let pages = preview.pages.first?.number == nil ? "" : ", \(count) " + (count == 1 ? "page" : "pages")
    context.console.note("\(preview.type ?? "document")\(title)\(pages), \(what)")
  }
}
