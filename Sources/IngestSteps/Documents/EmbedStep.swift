package import IngestCore
import IngestEmbedding

/// The step `embed`: buys the vectors that are not in the cache yet and stores them there for `upsert`. For a free
/// embedder it does nothing, because its vectors cost less to compute again than to store.
///
/// If the embedder refuses a chunk, only that chunk is lost, up to the share in ``LossAllowance``. The job continues as
/// degraded, the chunk becomes a dead letter, and the generation holds it for keyword searches only.
package struct EmbedStep: Step {
  package static let declaration = StepKind(
    "embed", "Turns each chunk into a vector.",
    settings: [
      StepSetting(
        "lost-chunks", .percentage, default: "\(SettingValue.number(LossAllowance.standard * 100))%",
        "The share of a document's chunks that the embedder may refuse before the job dies.")
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
