package import IngestCore
import IngestEmbedding

/// `embed`: buys the vector of each chunk that nobody has bought before. They stay in the cache, where `upsert` finds
/// them; a free embedder's vectors cost less to make again than to keep, so there is nothing to do for it here.
///
/// A chunk that the embedder refuses is lost alone, up to the share that ``LossAllowance`` tells: the job goes on degraded,
/// the chunk becomes a dead letter, and the generation holds it for keyword searches only.
package struct EmbedStep: Step {
  package static let declaration = StepKind(
    "embed", "Turns each chunk into a vector.",
    settings: [
      StepSetting(
        "lost-chunks", .percentage,
        "How many of a document's chunks the embedder may refuse before the document dies; 2% by default.")
    ], needs: [ChunkStep.kind], subject: .document)
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    let spec = try await services.spec(task.index, task.generation).embedder
    let chunks = try input.result(ChunkResult.self, of: "chunk").chunks
    var lost: [LostChunk] = []
    if try !services.embedders.embedder(for: spec).isFree, chunks > 0 {
      lost = try await services.answers(for: try await services.chunks(input)[...], spec: spec) { done, total in
        try await context.save(StepSave(progress: StepProgress(done: done, total: total, unit: "chunks")))
      }.lost
    }
    let allowed = LossAllowance(input.with).most(of: chunks)
    guard lost.count <= allowed else { throw Failure.refused(lost, of: chunks, allowed: allowed) }
    let result = EmbedResult(
      embedder: spec.fingerprint, embedded: chunks - lost.count, lost: lost.isEmpty ? nil : lost.map(\.ordinal))
    return StepOutput(
      result: try StepJSON.encode(result), effects: lost.isEmpty ? [] : [CatalogueEffect.lost(lost)],
      degraded: !lost.isEmpty)
  }
}
