import IngestApp
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
    try await context.withInstallation { installation in
      let report = try await installation.document(
        context[SharedParameters.document], index: context[SharedParameters.index],
        source: context[SharedParameters.onlySource])
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
