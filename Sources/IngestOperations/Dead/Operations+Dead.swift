package import IngestCore

extension Operations {
  /// Returns the dead letters that match, the latest death first.
  /// - Throws: `INDEX_NOT_FOUND`, `DEAD_SELECTION_TWICE`.
  package func deadLetters(_ query: DeadLetterQuery, limit: Int) async throws -> [DeadLetter] {
    var filter = try await checked(query)
    filter.limit = limit
    return try await jobs.dead(filter)
  }

  /// Returns a dead letter with everything that is kept for it.
  /// - Parameter text: the letter's id, or a unique beginning of it.
  /// - Throws: `DEAD_NOT_FOUND`, `JOB_AMBIGUOUS`.
  package func deadLetter(_ text: String) async throws -> DeadRecord {
    try await jobs.wholeDead(try await jobs.resolveDead(text))
  }

  /// Redrives dead letters: they continue from the step that failed.
  /// - Parameters:
  ///   - rate: how fast they start again, counted from now; nil starts all of them now.
  ///   - fromStart: whether they begin with the first step.
  ///   - latest: whether they continue with the newest version of their workflow. They keep the results of the leading
  ///     steps that are the same in both versions.
  /// - Throws: `DEAD_SELECTION_MISSING`, `DEAD_SELECTION_TWICE`, `INDEX_NOT_FOUND`; `DEAD_NOT_FOUND` or `JOB_AMBIGUOUS`
  ///   before any letter is redriven.
  package func redrive(
    _ query: DeadLetterQuery, rate: RateSpec? = nil, fromStart: Bool = false, latest: Bool = false, dryRun: Bool
  ) async throws -> BulkReport {
    let filter = try await chosen(query)
    let options = RedriveOptions(
      rate: rate, fromStart: fromStart, latest: latest ? try newestWorkflows() : nil)
    return try await jobs.act(.redrive(options), on: filter, dryRun: dryRun, actor: actorText)
  }

  /// Deletes dead letters for good. Their documents stay in the catalogue.
  /// - Throws: as ``redrive(_:rate:fromStart:latest:dryRun:)``.
  package func purge(_ query: DeadLetterQuery, dryRun: Bool) async throws -> BulkReport {
    try await jobs.act(.purge, on: try await chosen(query), dryRun: dryRun, actor: actorText)
  }

  /// Returns the chosen dead letters with everything that is kept for them. Each is read when the caller reaches it. Nothing is
  /// deleted.
  /// - Throws: as ``redrive(_:rate:fromStart:latest:dryRun:)``.
  package func exportDead(_ query: DeadLetterQuery) async throws -> DeadExport {
    let filter = try await chosen(query)
    return DeadExport(letters: try await jobs.dead(filter), mustExist: filter.ids != nil, jobs: jobs)
  }

  private func checked(_ query: DeadLetterQuery) async throws -> JobFilter {
    if let index = query.index { _ = try await generations.list(index) }
    return try query.filter()
  }

  private func chosen(_ query: DeadLetterQuery) async throws -> JobFilter {
    var filter = try await checked(query)
    try query.requireChoice()
    guard !query.ids.isEmpty else { return filter }
    var ids: [JobID] = []
    for text in query.ids {
      let id = try await jobs.resolveDead(text)
      if !ids.contains(id) { ids.append(id) }
    }
    filter.ids = ids
    return filter
  }
}

/// Dead letters, read one by one.
package struct DeadExport: AsyncSequence {
  let letters: [DeadLetter]
  /// Whether a missing letter is a failure, because the caller named it. Otherwise the letter was redriven or purged meanwhile
  /// and is left out.
  let mustExist: Bool
  let jobs: any JobStore

  package struct Iterator: AsyncIteratorProtocol {
    var letters: ArraySlice<DeadLetter>
    let mustExist: Bool
    let jobs: any JobStore

    /// - Throws: `DEAD_NOT_FOUND` for a named letter that is missing.
    package mutating func next() async throws -> DeadRecord? {
      while let letter = letters.popFirst() {
        do {
          return try await jobs.wholeDead(JobID(rawValue: letter.id))
        } catch let failure as Failure where failure.reason == .deadLetterNotFound && !mustExist {
          continue
        }
      }
      return nil
    }
  }

  package func makeAsyncIterator() -> Iterator { Iterator(letters: letters[...], mustExist: mustExist, jobs: jobs) }
}
