package import IngestCore
import IngestIndex

/// The step `upsert`: makes this revision the one that the generation shows. First the back end commits it, then the
/// transaction of the checkpoint records it in the catalogue.
package struct UpsertStep: Step {
  package static let declaration = StepKind(
    "upsert", "Writes the chunks to the generation, then removes those of older revisions.", needs: [EmbedStep.kind],
    subject: .document)
  let services: StepServices
  /// The number of chunks that are embedded and written at a time. It bounds the memory of one document if the back end
  /// accepts slices.
  private static let slice = 256

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    let spec = try await services.spec(task.index, task.generation).embedder
    let name = GenerationName(index: task.index, number: task.generation)
    let chunks = try await services.chunks(input)
    let lost = try input.results[EmbedStep.kind].map {
      Set(try StepJSON.decode(EmbedResult.self, $0, what: "result of 'embed'").lost ?? [])
    }
    let result = try await Self.inOpenGeneration {
      try await write(chunks, lost ?? [], DocumentHeader(task), spec, name, context)
    }
    services.texts.forget(input.job)
    return try .written(task, result, chunks: chunks.count, lost: lost?.count ?? 0)
  }

  private func write(
    _ chunks: [Chunk], _ lost: Set<Int>, _ header: DocumentHeader, _ spec: EmbedderSpec, _ name: GenerationName,
    _ context: StepContext
  ) async throws -> WriteResult {
    let backend = try await services.backends.backend(of: name)
    // Removes what the previous update left behind before this one leaves more.
    try await HeldSweep(generations: services.generations).run([header.document], of: name, in: backend)
    guard chunks.count > Self.slice, let staging = backend.staging else {
      return try await backend.write(
        DocumentWrite(header: header, chunks: try await embedded(chunks[...], lost, spec)), into: name)
    }
    var done = try await staging.staged(header.document, revision: header.revision, in: name)
    while done < chunks.count {
      let slice = chunks[done..<min(done + Self.slice, chunks.count)]
      let result = try await staging.stage(
        DocumentWrite(header: header, chunks: try await embedded(slice, lost, spec)), into: name)
      if case .stale = result { return result }
      done += slice.count
      try await context.save(StepSave(progress: StepProgress(done: done, total: chunks.count, unit: "chunks")))
    }
    return try await staging.publish(header, chunks: chunks.count, into: name)
  }

  /// Returns the chunks with their vectors. Lost chunks have none, and the embedder is not asked for them again.
  private func embedded(
    _ chunks: ArraySlice<Chunk>, _ lost: Set<Int>, _ spec: EmbedderSpec
  ) async throws -> [EmbeddedChunk] {
    let sound = chunks.filter { !lost.contains($0.ordinal) }
    var vectors = sound.isEmpty ? [][...] : try await services.vectors(for: sound[...], spec: spec)[...]
    return chunks.map { EmbeddedChunk(chunk: $0, vector: lost.contains($0.ordinal) ? nil : vectors.popFirst()) }
  }

  /// Runs the body. If the generation's files do not exist yet, throws a transient failure, so that the job is retried.
  static func inOpenGeneration<T>(_ body: () async throws -> T) async throws -> T {
    do {
      return try await body()
    } catch IndexError.generationMissing(let name) {
      throw Failure(
        .transient, code: "GENERATION_NOT_MADE", "The files of generation \(name) do not exist yet.",
        hint: "If this persists, create them with \(Action(.indexVerify, name.index, with: ["repair": nil])).")
    }
  }
}

extension StepOutput {
  /// Returns the output of a write to the generation, with its effect on the catalogue. A stale write has no effect
  /// there: the catalogue keeps the state of the newer writer.
  static func written(_ task: DocumentTask, _ result: WriteResult, chunks: Int, lost: Int = 0) throws -> StepOutput {
    var effects: [CatalogueEffect] = []
    var isStale = false
    switch result {
    case .applied:
      effects = [
        .hold(
          index: task.index, generation: task.generation, document: task.document, revision: task.revision,
          change: task.change, chunks: chunks, lost: lost)
      ]
    case .stale: isStale = true
    }
    return StepOutput(
      result: try StepJSON.encode(
        WriteStepResult(
          revision: task.revision, written: isStale ? 0 : chunks, stale: isStale, lost: lost > 0 ? lost : nil)),
      effects: effects, degraded: lost > 0)
  }
}
