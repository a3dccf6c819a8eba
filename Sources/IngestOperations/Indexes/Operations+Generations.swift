package import IngestCore
import IngestIndex

extension Operations {
  /// Returns the live generation of the index, and creates the index if it is missing. The first generation becomes live once its
  /// back end has its files. If a call is interrupted at any point, the same call again finishes it.
  /// - Returns: the generation, and whether it is new.
  package func createIndex(_ name: String, spec: GenerationSpec) async throws -> (generation: Generation, isNew: Bool) {
    try NameRule.checkIndex(name)
    _ = try backends.backend(for: spec)
    let generation = try await generations.createIndex(name, spec: spec, actor: actorText)
    guard generation.state == .building else { return (generation, false) }
    // A half-created index keeps the spec of the first call.
    try await backends.backend(for: generation.spec).create(
      GenerationName(generation), dimensions: generation.spec.embedder.dimensions)
    try await generations.activateFirst(generation, actor: actorText)
    return (try await generations.live(name), true)
  }

  /// Opens a generation beside the live one and queues the job that fills it from the kept documents.
  /// - Throws: `GENERATION_SAME` if the live generation, or one that is not yet live, already has this fingerprint, unless
  ///   `force` is set. So a caller that did not receive the answer can repeat the call without a second build.
  package func build(
    _ index: String, spec: GenerationSpec, workflow: PinnedWorkflow, force: Bool
  ) async throws -> (generation: Generation, job: JobID) {
    let backend = try backends.backend(for: spec)
    let live = try await generations.live(index)
    guard force || live.spec.fingerprint != spec.fingerprint else {
      throw Failure(
        .permanent, code: "GENERATION_SAME",
        "Generation \(live.number) of '\(index)' is live and already has these settings.",
        hint: "Change the embedder or the chunker, or build the same again with \(option: "force").", category: .refused
      )
    }
    let begun = try await generations.list(index).last {
      ($0.state == .building || $0.state == .ready) && $0.spec.fingerprint == spec.fingerprint
    }
    if let begun, !force {
      throw Failure(
        .permanent, code: "GENERATION_SAME",
        "Generation \(begun.number) of '\(index)' already has these settings and is \(begun.state.rawValue).",
        hint: "\(Action(.indexShow, index)) shows its progress; \(option: "force") builds another.", category: .refused
      )
    }
    let (generation, job) = try await generations.openGeneration(
      index: index, spec: spec, reindex: workflow, actor: actorText)
    // If this process ends here, the job's first step creates it.
    try await backend.create(GenerationName(generation), dimensions: spec.embedder.dimensions)
    return (generation, job)
  }

  /// The time between two tries of a refused swap: jobs of other processes bring what the generation lacks.
  private static let gateInterval: Duration = .milliseconds(250)

  /// Makes a generation live: the given one, or the newest candidate.
  /// - Parameter patience: how long to retry while open jobs add the missing documents. Under steady submits some job is
  ///   always open, but at some moments no document is missing.
  /// - Throws: `NO_CANDIDATE`, `GENERATION_NOT_FOUND`, `SWAP_REFUSED`, `SWAP_CONFLICT`.
  package func swap(
    _ index: String, to number: Int?, acceptMissing: Int, patience: Duration = .zero
  ) async throws -> SwapReport {
    let start = clock.uptime
    while true {
      do {
        return try await swapOnce(index, to: number, acceptMissing: acceptMissing)
      } catch let failure as Failure
        where failure.reason == .swapLacking && clock.uptime - start < patience.microseconds
      {
        try await clock.sleep(for: Self.gateInterval)
      }
    }
  }

  private func swapOnce(_ index: String, to number: Int?, acceptMissing: Int) async throws -> SwapReport {
    let live = try await generations.live(index)
    let known = try await generations.list(index)
    let candidate = known.last { $0.state == .ready || $0.state == .building }
    guard let target = number ?? candidate?.number else {
      throw Failure(
        .permanent, code: "NO_CANDIDATE", "Index '\(index)' has no generation to swap in.",
        hint: "Build one with \(Action(.indexBuild, index)).", category: .refused)
    }
    _ = try await generations.generation(index, target)
    return try await generations.swap(
      SwapRequest(index: index, to: target, from: live.number, acceptMissing: acceptMissing, actor: actorText))
  }

  /// Makes the generation live again that the live one replaced.
  /// - Throws: `NO_PREVIOUS`, `ROLLBACK_BEHIND` unless `force` is set, `SWAP_CONFLICT`.
  package func rollback(_ index: String, force: Bool) async throws -> SwapReport {
    let live = try await generations.live(index)
    let retired = try await generations.list(index).filter { $0.state == .retired }
    guard let previous = try await generations.previous(of: index), retired.contains(where: { $0.number == previous })
    else {
      throw Failure(
        .permanent, code: "NO_PREVIOUS", "Index '\(index)' has no previous generation to roll back to.",
        hint: "\(Action(.indexHistory, index)) shows what happened to it.", category: .refused)
    }
    return try await generations.swap(
      SwapRequest(
        index: index, to: previous, from: live.number, rollback: true, force: force, actor: actorText))
  }
}
