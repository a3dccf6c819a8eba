import IngestSQL
import IngestStore

/// Checks of the tables while the world runs: counters that must be true at every commit.
extension SimulatedClients {
  func inspect() async {
    let random = world.random("inspector")
    while world.isStormy {
      await pause(random, .seconds(2)...(.seconds(8)))
      do { try await count() } catch {
        world.oracle.broken(.harness, "The inspector failed: \(error)")
      }
    }
  }

  /// Compares counters with what they count, and finds states that must never occur.
  func count() async throws {
    if let problem = try await store.counterProblems().first {
      return world.oracle.broken(.countersAreTrue, "The \(problem).")
    }
    let wrong = try await database.read { db -> String? in
      for (what, query) in Self.impossible {
        let found = try db.first(query) { $0.int(0) } ?? 0
        if found > 0 { return what }
      }
      return nil
    }
    if let wrong { world.oracle.broken(.countersAreTrue, "\(wrong).") }
    try await countLimits()
  }

  private static let impossible: [(String, SQL)] = [
    (
      "More than one revision of a document is running in one generation",
      """
      SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'running' AND document_key IS NOT NULL
        GROUP BY generation_key, document_key HAVING count(*) > 1)
      """
    ),
    (
      "Bytes that are needed are missing",
      """
      SELECT (SELECT count(*) FROM documents WHERE change = 'content'
          AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.key = documents.blob_key AND b.hash = documents.content))
        + (SELECT count(*) FROM jobs j WHERE j.blob_key IS NOT NULL AND (j.finished_at IS NULL OR j.state = 'dead')
          AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.key = j.blob_key))
        + (SELECT count(*) FROM job_blobs r JOIN jobs j ON j.key = r.job_key
          WHERE (j.finished_at IS NULL OR j.state = 'dead')
          AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.key = r.blob_key))
        + (SELECT count(*) FROM parse_blobs p WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.key = p.blob_key))
      """
    ),
    (
      "More or fewer than one generation is live",
      "SELECT (SELECT count(*) FROM generations WHERE state = 'live') <> 1"
    ),
  ]

  /// Checks that a source closed by a throttle opens as soon as its bucket allows a start.
  private func countLimits() async throws {
    // The oracle does not see claims whose answer was lost. Across a reboot buckets follow other rules.
    let plan = world.plan
    guard plan.has(.limits),
      plan.ingredients.isDisjoint(with: [.hiddenCommits, .crashes, .reboots])
    else { return }
    let closed = try await database.read { db in
      try db.rows(
        """
        SELECT s.name, s.closed_until FROM sources s JOIN gates g ON g.key = s.closed_by
        WHERE s.closed = 1 AND s.closed_until IS NOT NULL AND g.kind = 'throttle'
        """
      ) { (name: $0.text(0), until: $0.int64(1)) }
    }
    for source in closed {
      guard let next = world.oracle.limits.nextStart(source.name), source.until > next + 2000 else {
        continue
      }
      world.oracle.broken(
        .limitsHold,
        "\(source.name) is kept closed \((source.until - next) / 1000) ms longer than its limit and its starts explain."
      )
    }
  }
}
