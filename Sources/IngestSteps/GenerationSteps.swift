package import IngestCore
import IngestIndex

/// The step `fill`: queues a job for every kept document that the generation lacks, then waits until all of them have
/// ended.
package struct FillStep: Step {
  package static let declaration = StepKind(
    "fill", "Queues a job for every document that the generation lacks and waits until all have ended.", waits: true,
    subject: .generation)
  let services: StepServices
  /// The number of documents that one transaction checks.
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
        "Generation \(task.generation) of '\(task.index)' was deleted; its files are not created again.",
        hint: "List the existing generations with \(Action(.indexShow, task.index)).", category: .refused)
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

/// The step `verify`: proves that the generation holds exactly what the catalogue says.
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
        "Generation \(name) differs from the catalogue (\(proof.findings.count) findings).",
        hint:
          "Run \(Action(.indexVerify, task.index, with: ["generation": "\(task.generation)", "repair": nil])), then redrive this job."
      )
    }
    return StepOutput(result: try StepJSON.encode(Result(documents: proof.documents, chunks: proof.chunks)))
  }
}

/// The step `ready`: marks the generation as ready to become live.
package struct ReadyStep: Step {
  package static let declaration = StepKind(
    "ready", "Marks the generation as ready to become live.", needs: [VerifyStep.kind], subject: .generation)

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.generationTask()
    return StepOutput(effects: [CatalogueEffect.ready(index: task.index, generation: task.generation)])
  }
}

/// The step `swap`: makes the generation live, in the transaction of this step's checkpoint.
package struct SwapStep: Step {
  package static let declaration = StepKind(
    "swap", "Makes the generation live. Fails while it lacks documents that the live generation holds.",
    settings: [
      StepSetting(
        "accept-missing", .integer(0...1_000_000_000), default: "0",
        "The number of documents that may be missing because their jobs died.")
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

/// The step `noop`: does nothing. For measurements and experiments.
package struct NoopStep: Step {
  package static let declaration = StepKind(
    "noop", "Does nothing. For measurements and experiments.")

  package init() {}

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput { StepOutput() }
}
