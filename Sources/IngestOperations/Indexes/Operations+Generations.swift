package import IngestCore
import IngestIndex

extension Operations {
  /// The index, made if it is not there yet: its first generation is live once its back end stands. Interrupted at any
  /// point, the same call finishes it.
  /// - Returns: the generation, and whether it is new.
  package func createIndex(_ name: String, spec: GenerationSpec) async throws -> (generation: Generation, isNew: Bool) {
    try NameRule.checkIndex(name)
    _ = try backends.backend(for: spec)
    let generation = try await generations.createIndex(name, spec: spec, actor: actorText)
    guard generation.state == .building else { return (generation, false) }
    // An index that is half made keeps the spec it was begun with.
    try await backends.backend(for: generation.spec).create(
      GenerationName(generation), dimensions: generation.spec.embedder.dimensions)
    try await generations.activateFirst(generation, actor: actorText)
    return (try await generations.live(name), true)
  }

  /// Opens a green generation beside the live one and queues the job that fills it from the kept documents.
  /// - Throws: `GENERATION_SAME` when live or one that is not yet live has this fingerprint already, unless `force`: so
  ///   the same call again, by whoever did not hear of its success, builds nothing twice.
  package func build(
    _ index: String, spec: GenerationSpec, workflow: PinnedWorkflow, force: Bool
  ) async throws -> (generation: Generation, job: JobID) {
    let backend = try backends.backend(for: spec)
    let live = try await generations.live(index)
    guard force || live.spec.fingerprint != spec.fingerprint else {
      throw Failure(
        .permanent, code: "GENERATION_SAME",
        "Generation \(live.number) of '\(index)' is live and has these settings already.",
        hint: "Change the embedder or the chunker, or build the same again with \(option: "force").", category: .refused
      )
    }
    let begun = try await generations.list(index).last {
      ($0.state == .building || $0.state == .ready) && $0.spec.fingerprint == spec.fingerprint
    }
    if let begun, !force {
      throw Failure(
        .permanent, code: "GENERATION_SAME",
        "Generation \(begun.number) of '\(index)' has these settings and is \(begun.state.rawValue) already.",
        hint: "\(Action(.indexShow, index)) tells how far it is; \(option: "force") builds another.", category: .refused
      )
    }
    let (generation, job) = try await generations.openGeneration(
      index: index, spec: spec, reindex: workflow, actor: actorText)
    // The job's first step makes it too, should this process end here.
    try await backend.create(GenerationName(generation), dimensions: spec.embedder.dimensions)
    return (generation, job)
  }

  /// Between two looks at a gate that is still closed: other processes' jobs open it.
  private static let gateInterval: Duration = .milliseconds(250)

  /// Readers move to a generation, the newest open one unless a number is given.
  /// - Parameter patience: how long to go on trying while jobs are still bringing what is lacking. Under steady submits
  ///   there is always something on its way, but moments come at which nothing is lacking.
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

  /// Readers move back to the generation that live replaced.
  package func rollback(_ index: String, force: Bool) async throws -> SwapReport {
    let live = try await generations.live(index)
    let retired = try await generations.list(index).filter { $0.state == .retired }
    guard let previous = try await generations.previous(of: index), retired.contains(where: { $0.number == previous })
    else {
      throw Failure(
        .permanent, code: "NO_PREVIOUS", "Index '\(index)' has no previous generation to roll back to.",
        hint: "\(Action(.indexHistory, index)) tells what became of it.", category: .refused)
    }
    return try await generations.swap(
      SwapRequest(
        index: index, to: previous, from: live.number, rollback: true, force: force, actor: actorText))
  }
}
