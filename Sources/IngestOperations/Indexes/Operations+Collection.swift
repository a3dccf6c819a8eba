import IngestCore
import IngestIndex

extension Operations {
  /// Deletes generations as ``collectGenerations(_:number:dryRun:)`` does, then the blobs that nothing refers to.
  package func collectGarbage(of index: String, generation number: Int?, dryRun: Bool) async throws -> [Int] {
    let gone = try await collectGenerations(index, number: number, dryRun: dryRun)
    if !dryRun { try await collectBlobs() }
    return gone
  }

  /// Deletes generations that are not live: the named one, or every retired one if none is named. The next call finishes an
  /// interrupted one.
  /// - Parameter dryRun: makes the same decisions and refusals, and changes nothing.
  /// - Returns: the numbers of the generations that were deleted, or would be.
  /// - Throws: `INDEX_NOT_FOUND`, `GENERATION_NOT_FOUND`, `GENERATION_LIVE`; `GENERATION_BUSY` while jobs of it run.
  package func collectGenerations(_ index: String, number: Int?, dryRun: Bool = false) async throws -> [Int] {
    let known = try await generations.list(index)
    let targets: [Generation]
    if let number {
      targets = [try await generations.generation(index, number)]
    } else {
      // An interrupted deletion is finished here.
      targets = known.filter { $0.state == .retired || $0.state == .deleted }
    }
    var gone: [Int] = []
    for target in targets {
      try target.requireClosable()
      let backend = try backends.backend(for: target.spec)
      let running =
        dryRun
        ? try await runningJobs(of: target)
        : try await generations.closeGeneration(index, target.number, actor: actorText)
      guard running == 0 else { throw Self.busy(target, running: running, dryRun: dryRun) }
      if !dryRun { try await backend.delete(GenerationName(target)) }
      if target.state != .deleted { gone.append(target.number) }
    }
    return gone
  }

  /// Returns how many jobs of the generation are running.
  private func runningJobs(of generation: Generation) async throws -> Int {
    try await jobs.jobs(JobFilter(index: generation.index, state: .running, limit: .max))
      .count { $0.generation == generation.number }
  }

  private static func busy(_ generation: Generation, running: Int, dryRun: Bool) -> Failure {
    Failure(
      .unavailable, code: "GENERATION_BUSY",
      dryRun
        ? "\(running) jobs of generation \(generation.number) of '\(generation.index)' are running; they would be asked to stop."
        : "\(running) jobs of generation \(generation.number) of '\(generation.index)' are stopping; it takes no new ones.",
      hint: "Run the same command again in a moment; it continues where it stopped.", category: .later)
  }
}
