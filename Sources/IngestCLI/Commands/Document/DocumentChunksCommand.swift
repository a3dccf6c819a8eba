import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestStore

/// `ingestd document chunks`.
package enum DocumentChunksCommand: Command {
  package static let spec = CommandSpec(
    "document chunks", "Show a document's chunks as the index holds them", group: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec,
      SharedParameters.generation.spec,
    ],
    examples: [.init("ingestd document chunks 01KAEZ7 --json", "One JSON object a chunk.")],
    exits: [.init(3, "there is no such document")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      let report = try await installation.document(context)
      let document = DocumentID(rawValue: report.document)
      var generation = try await installation.store.live(report.index)
      if let number = context[SharedParameters.generation] {
        generation = try await installation.store.generation(report.index, number)
      }
      let held = try await installation.backend.chunks(of: document, in: GenerationName(generation))
      guard let held, held.revision > 0 else {
        if report.deleted {
          throw Failure(
            .permanent, code: "DOCUMENT_DELETED", "The document \(report.uri) is deleted.",
            hint: "Submit it again to have it back.", category: .notFound)
        }
        throw Failure(
          .unavailable, code: "DOCUMENT_NOT_HELD",
          "Generation \(generation.number) of '\(report.index)' does not hold the document \(report.uri) yet.",
          hint: report.job.map { "`ingestd job show \($0)` tells how far it is." } ?? "Try again in a moment.",
          category: .later)
      }
      for chunk in held.chunks {
        try context.console.json(
          ChunkLine(
            chunk: ChunkID(document: document, revision: held.revision, ordinal: chunk.ordinal).description,
            document: report.document, revision: held.revision, generation: generation.number, content: chunk))
        try ChunkText.print(chunk, context.console)
      }
      context.console.note(
        "\(held.chunks.count) chunks of revision \(held.revision) in generation \(generation.number)")
    }
  }
}

/// A chunk as `--json` prints it; one of `parse` has no id, document or generation.
struct ChunkLine: Encodable {
  var chunk: String?
  var document: String?
  var revision: Int?
  var generation: Int?
  var content: Chunk

  private enum Key: CodingKey { case chunk, document, revision, generation }

  func encode(to encoder: any Encoder) throws {
    try content.encode(to: encoder)
    var values = encoder.container(keyedBy: Key.self)
    try values.encodeIfPresent(chunk, forKey: .chunk)
    try values.encodeIfPresent(document, forKey: .document)
    try values.encodeIfPresent(revision, forKey: .revision)
    try values.encodeIfPresent(generation, forKey: .generation)
  }
}

/// A chunk as people read it.
enum ChunkText {
  static func print(_ chunk: Chunk, _ console: Console) throws {
    let page = chunk.page.map { ", page \($0)" } ?? ""
    try console.line("chunk \(chunk.ordinal)\(page), \(chunk.start)–\(chunk.end), \(chunk.tokens) tokens", .heading)
    let width = JobSheet.width(console)
    if !chunk.heading.isEmpty {
      try console.line("  " + chunk.heading.joined(separator: " › ").visible.shortened(to: width - 3), .dim)
    }
    for line in Excerpt.lines(chunk.text, width: width - 3, most: .max) { try console.line("  " + line) }
    try console.line()
  }
}
