import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd document chunks`.
package enum DocumentChunksCommand: Command {
  package static let spec = CommandSpec(
    "document chunks", "Show a document's chunks as the index holds them", section: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec,
      SharedParameters.generation.spec,
    ],
    examples: [.init("ingestd document chunks 01KAEZ7 --json", "One JSON object a chunk.")],
    exits: [.init(3, "there is no such document"), .init(75, "the generation does not hold it yet")])

  package static func run(_ context: CommandContext) async throws {
    let held = try await context.withOperations {
      try await $0.chunks(
        of: context[SharedParameters.document], index: context[SharedParameters.index],
        source: context[SharedParameters.onlySource], generation: context[SharedParameters.generation])
    }
    let number = held.generation.number
    for chunk in held.chunks {
      try context.console.json(ChunkResponse(chunk, of: held))
      try ChunkText.print(chunk, context.console)
    }
    context.console.note("\(held.chunks.count) chunks of revision \(held.revision) in generation \(number)")
  }
}
