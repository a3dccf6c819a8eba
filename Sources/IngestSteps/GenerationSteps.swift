package import IngestCore
import IngestIndex

/// `fill`: queues a job for every kept document that the generation lacks, then waits until all of them have ended.
package struct FillStep: Step {
  package static let declaration = StepKind(
    "fill", "Queues a job for every kept document, and waits until all have ended.", waits: true,
    subject: .generation)
  let services: StepServices
  /// Documents looked at in one transaction.
  private static let slice = 64

  private struct Cursor: Codable {
    var after: DocumentID?
    var looked: Int
    var queued: Int
  }

  private struct Result: Codable {
    var filled: Int
  }

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.generationTask()
    let generation = try await services.generations.generation(task.index, task.generation)
    guard generation.isOpen else {
      throw Failure(
        .permanent, code: "GENERATION_DELETED",
        "Generation \(task.generation) of '\(task.index)' was deleted, and its files are not made again.",
        hint: "\(Action(.indexShow, task.index)) lists those that are there.", category: .refused)
    }
    try await services.registry.backend(for: generation.spec).create(
      GenerationName(index: task.index, number: task.generation), dimensions: generation.spec.embedder.dimensions)
    var cursor =
      try input.cursor.map { try StepJSON.decode(Cursor.self, $0, what: "cursor") }
      ?? Cursor(after: nil, looked: 0, queued: 0)
    while true {
      try Task.checkCancellation()
      let page = try await services.generations.fill(
        index: task.index, generation: task.generation, after: cursor.after, limit: Self.slice,
        actor: "job/\(input.job)")
      cursor.queued += page.queued
      guard let next = page.next else { break }
      cursor.after = next
      cursor.looked += Self.slice
      try await context.save(
        StepSave(
          progress: StepProgress(done: cursor.looked, unit: "documents"), cursor: try StepJSON.encode(cursor)))
    }
    return StepOutput(result: try StepJSON.encode(Result(filled: cursor.queued)), gathers: true)
  }
}

/// `verify`: proves that the generation holds exactly what the catalogue says.
package struct VerifyStep: Step {
  package static let declaration = StepKind(
    "verify", "Proves that the generation holds exactly what the catalogue says.", subject: .generation)
  let services: StepServices

  private struct Result: Codable {
    var documents: Int
    var chunks: Int
  }

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.generationTask()
    let name = GenerationName(index: task.index, number: task.generation)
    let proof = try await GenerationProof(generations: services.generations, backends: services.registry).run(name)
    guard proof.isProved else {
      throw Failure(
        .permanent, code: "VERIFICATION_FAILED",
        "Generation \(name) differs from the catalogue in \(proof.findings.count) findings.",
        hint:
          "\(Action(.indexVerify, task.index, with: ["generation": "\(task.generation)", "repair": nil])), then redrive this job."
      )
    }
    return StepOutput(result: try StepJSON.encode(Result(documents: proof.documents, chunks: proof.chunks)))
  }
}

/// `ready`: the generation may be swapped in.
package struct ReadyStep: Step {
  package static let declaration = StepKind(
    "ready", "Marks the generation as ready to be swapped in.", needs: [VerifyStep.kind], subject: .generation)

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.generationTask()
    return StepOutput(effects: [CatalogueEffect.ready(index: task.index, generation: task.generation)])
  }
}

/// `swap`: readers move to the generation, in the transaction of this step's checkpoint.
package struct SwapStep: Step {
  package static let declaration = StepKind(
    "swap", "Moves the index's readers to the generation; refused while it lacks what the live one holds.",
    settings: [
      StepSetting(
        "accept-missing", .integer(0...1_000_000_000), "How many documents that died on the way may be missing.")
    ], subject: .generation)
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.generationTask()
    let live = try await services.generations.live(task.index)
    guard live.number != task.generation else { return StepOutput() }
    var accepted = 0
    if case .integer(let number)? = input.with["accept-missing"] { accepted = number }
    return StepOutput(
      effects: [
        CatalogueEffect.swap(index: task.index, to: task.generation, from: live.number, acceptMissing: accepted)
      ])
  }
}

/// `noop`: does nothing, for measuring and for trying things out.
package struct NoopStep: Step {
  package static let declaration = StepKind(
    "noop", "Does nothing, for measuring and for trying things out.")

  package init() {}

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput { StepOutput() }
}
