package import IngestCore
import IngestSQL

/// Actions of people on many jobs at once. The jobs are selected page by page; each slice of a page is one transaction
/// that decides and acts.
extension Store {
  /// How many jobs one transaction handles: none may hold the writer for longer than 10 ms.
  private static let slice = 20
  private static let page = 500

  package func act(
    _ action: JobAction, on filter: JobFilter, dryRun: Bool, actor: String
  ) async throws -> BulkReport {
    var run = BulkRun(action: action, isDryRun: dryRun, startedAt: clock.now)
    if filter.kind != .chunk {
      var cursor: JobSearch.Cursor? = .newest
      while let place = cursor {
        try Task.checkCancellation()
        let (ids, next) = try await targets(action, filter, from: place)
        cursor = next
        for first in stride(from: 0, to: ids.count, by: Self.slice) {
          try await act(on: Array(ids[first..<min(first + Self.slice, ids.count)]), &run, actor: actor)
        }
      }
    }
    // Ends the children of cancelled jobs, in short transactions. If this process dies before it is done, the workers
    // do the rest.
    while run.report.count(.cancelled) > 0, !dryRun, try await write({ try $0.endChildren() }) {}
    guard filter.kind != .job, action.takesChunks else { return run.report }
    for letter in try await read({ db in try db.deadChunks(filter, limit: .max) }) {
      try Task.checkCancellation()
      try await act(onChunk: letter, &run, actor: actor)
    }
    return run.report
  }

  /// Returns the jobs of one page, and where the next page begins. A job that is created or dies again in the meantime
  /// is not seen twice, since the keys only go down.
  private func targets(
    _ action: JobAction, _ filter: JobFilter, from cursor: JobSearch.Cursor
  ) async throws -> (ids: [JobID], next: JobSearch.Cursor?) {
    if let ids = filter.ids {
      return try await read { db in
        // The id of a chunk's dead letter is not the id of a job.
        (
          try ids.filter { id in
            try db.first("SELECT 1 FROM jobs WHERE id = \(id.rawValue)") { _ in true } ?? false
          }, nil
        )
      }
    }
    let states = action.states(filter)
    guard !states.isEmpty else { return ([], nil) }
    return try await read { [clock, searchBounds] db in
      let holds = try QueueHolds(db, now: clock.now, uptime: clock.uptime, bootID: clock.bootID)
      let page = try JobSearch(db, filter, states: states, holds: holds, bounds: searchBounds).page(
        from: cursor, limit: Self.page)
      let ids = try page.keys.compactMap { key in
        try db.first("SELECT id FROM jobs WHERE key = \(key)") { JobID(rawValue: $0.text(0)) }
      }
      return (ids, page.next)
    }
  }

  private func act(on ids: [JobID], _ run: inout BulkRun, actor: String) async throws {
    let before = run
    run =
      run.report.isDryRun
      ? try await read { db in
        var run = before
        for id in ids {
          guard let job = try db.jobRow(id) else { continue }
          run.note(try db.verdict(before.action, job, taken: &run.taken), job.id, uri: try db.uri(of: job))
        }
        return run
      }
      : try await write { transaction in
        var run = before
        for id in ids {
          guard let job = try transaction.job(id) else { continue }
          var decision = try transaction.db.verdict(before.action, job, taken: &run.taken)
          let due = run.nextDue(decision)
          try transaction.carryOut(&decision, job, due: due, actor: actor)
          run.note(decision, job.id, uri: try transaction.db.uri(of: job))
        }
        run.taken = BulkReservations()
        return run
      }
  }

  /// Acts on the dead letter of a chunk. A redrive replays the job that lost the chunk, from the step that lost it.
  private func act(onChunk letter: DeadLetter, _ run: inout BulkRun, actor: String) async throws {
    let before = run
    run =
      run.report.isDryRun
      ? try await read { db in
        var run = before
        guard let (decision, job) = try db.verdict(before.action, letter, &run) else { return run }
        run.note(decision, job.id, chunk: letter)
        return run
      }
      : try await write { transaction in
        var run = before
        guard let (decided, job) = try transaction.db.verdict(before.action, letter, &run) else { return run }
        var decision = decided
        let due = run.nextDue(decision)
        if case .replay? = decision.plan {
          try transaction.carryOut(&decision, job, due: due, actor: actor)
        } else if decision.verdict == .purged {
          try transaction.journal("chunk-purged", actor: actor, job: job.key, data: letter.id)
          _ = try transaction.db.run("DELETE FROM dead_chunks WHERE id = \(letter.id)")
        }
        run.note(decision, job.id, chunk: letter)
        run.taken = BulkReservations()
        return run
      }
  }
}
