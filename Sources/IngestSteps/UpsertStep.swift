package import IngestCore
import IngestIndex

/// `upsert`: makes this revision the one that the generation shows. The catalogue learns of it in the checkpoint's
/// transaction, after the back end has committed it.
package struct UpsertStep: Step {
  package static let declaration = StepKind(
    "upsert", "Writes the chunks to the generation, then removes those of older revisions.", needs: [EmbedStep.kind],
    subject: .document)
  let services: StepServices
  /// Chunks embedded and written at a time: what bounds the memory that one document takes, in a back end that takes
  /// slices.
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
    // What the update before left behind goes before this one leaves more.
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

  /// Lost chunks are written without a vector, and nobody is asked for one again.
  private func embedded(
    _ chunks: ArraySlice<Chunk>, _ lost: Set<Int>, _ spec: EmbedderSpec
  ) async throws -> [EmbeddedChunk] {
    let sound = chunks.filter { !lost.contains($0.ordinal) }
    var vectors = sound.isEmpty ? [][...] : try await services.vectors(for: sound[...], spec: spec)[...]
    return chunks.map { EmbeddedChunk(chunk: $0, vector: lost.contains($0.ordinal) ? nil : vectors.popFirst()) }
  }

  /// A generation whose files are not there yet is being made: the job comes back to it.
  static func inOpenGeneration<T>(_ body: () async throws -> T) async throws -> T {
    do {
      return try await body()
    } catch IndexError.generationMissing(let name) {
      throw Failure(
        .transient, code: "GENERATION_NOT_MADE", "The files of generation \(name) are not there (yet).",
        hint: "If this lasts, \(Action(.indexVerify, name.index, with: ["repair": nil])) makes them again.")
    }
  }
}

extension StepOutput {
  /// A write into the generation, and what the catalogue is to know of it. A stale one leaves the catalogue as the newer
  /// writer left it.
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
