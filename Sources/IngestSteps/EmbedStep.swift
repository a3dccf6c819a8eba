package import IngestCore
import IngestEmbedding

/// `embed`: buys the vector of each chunk that nobody has bought before. They stay in the cache, where `upsert` finds
/// them; a free embedder's vectors cost less to make again than to keep, so there is nothing to do for it here.
package struct EmbedStep: Step {
  package static let kind = "embed"
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    let spec = try await services.spec(task.index, task.generation).embedder
    let chunks = try input.result(ChunkResult.self, of: "chunk").chunks
    if try !services.embedders.embedder(for: spec).isFree, chunks > 0 {
      _ = try await services.vectors(for: try await services.chunks(input)[...], spec: spec) { done, total in
        try await context.save(StepSave(progress: StepProgress(done: done, total: total, unit: "chunks")))
      }
    }
    return StepOutput(result: try StepJSON.encode(EmbedResult(embedder: spec.fingerprint, embedded: chunks)))
  }
}
