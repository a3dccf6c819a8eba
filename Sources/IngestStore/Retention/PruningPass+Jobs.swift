import IngestCore
import IngestSQL

/// Jobs that have ended, with their steps, attempts, logs, signals and dead chunks.
extension PruningPass {
  struct Candidate: Sendable {
    var key: Int64
    var id: String
    var source: Int64
    var finishedAt: Int64
    var mayGo: Bool
    /// Rows that go with it.
    var weight: Int
  }

  /// Rows of one kind that go with a job in one transaction, at most.
  static let shedding = 200

  mutating func pruneJobs(_ state: JobState) async throws {
    guard let cutoff = retention.cutoff(state, now: now) else { return }
    let mayGo = Self.mayGo(state, before: cutoff, deadBefore: retention.cutoff(.dead, now: now))
    var after: (finishedAt: Int64, key: Int64) = (.min, 0)
    while true {
      let page = try await store.read { [after] db in
        try db.rows(
          """
          SELECT j.key, j.id, j.source_key, j.finished_at, \(sql: mayGo),
            (SELECT count(*) FROM logs WHERE job_key = j.key) + (SELECT count(*) FROM attempts WHERE job_key = j.key)
            + (SELECT count(*) FROM signals WHERE job_key = j.key)
            + (SELECT count(*) FROM job_blobs WHERE job_key = j.key)
            + (SELECT count(*) FROM dead_chunks WHERE job_key = j.key)
          FROM jobs j
          WHERE j.state = \(state.rawValue) AND j.finished_at < \(cutoff.rawValue)
            AND (j.finished_at, j.key) > (\(after.finishedAt), \(after.key))
          ORDER BY j.finished_at, j.key LIMIT \(Self.page)
          """
        ) { row in
          Candidate(
            key: row.int64(0), id: row.text(1), source: row.int64(2), finishedAt: row.int64(3), mayGo: row.bool(4),
            weight: row.int(5))
        }
      }
      guard let last = page.last else { return }
      after = (last.finishedAt, last.key)
      try await remove(
        page.filter(\.mayGo), counting: \.jobs,
        end: { transition, gone in
          try transition.journal("pruned", actor: "retention", data: "\(gone) \(state.rawValue)")
        },
        { transition, candidate in try transition.prune(candidate, state, provided: mayGo) })
    }
  }

  /// Whether nothing needs a job `j` that has ended.
  private static func mayGo(_ state: JobState, before cutoff: Timestamp, deadBefore: Timestamp?) -> SQL {
    let dead = deadBefore?.rawValue ?? .min
    return """
      (j.state = \(state.rawValue) AND j.finished_at < \(cutoff.rawValue)
        AND NOT EXISTS (SELECT 1 FROM jobs c WHERE c.parent_key = j.key)
        AND NOT EXISTS (SELECT 1 FROM jobs p WHERE p.key = j.parent_key
          AND (p.finished_at IS NULL OR p.state = 'dead' AND p.finished_at >= \(dead)))
        AND NOT EXISTS (SELECT 1 FROM jobs r WHERE r.replay_of = j.id
          AND (r.finished_at IS NULL OR r.state = 'dead' AND r.finished_at >= \(dead)))
        AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.job_key = j.key)
        AND (j.degraded = 0 OR j.finished_at < \(dead)
          OR NOT EXISTS (SELECT 1 FROM dead_chunks k WHERE k.job_key = j.key))
        AND NOT (j.state = 'dead'
          AND EXISTS (SELECT 1 FROM generations g WHERE g.key = j.generation_key AND g.state IN ('building', 'ready'))
          AND (j.document_key IS NULL
            OR EXISTS (SELECT 1 FROM documents d WHERE d.key = j.document_key AND d.revision = j.revision))))
      """
  }
}

extension Transition {
  fileprivate func prune(
    _ candidate: PruningPass.Candidate, _ state: JobState, provided mayGo: SQL
  ) throws -> PruningPass.Removal {
    let isFree = try db.first("SELECT \(sql: mayGo) FROM jobs j WHERE j.key = \(candidate.key)") { $0.bool(0) }
    guard isFree == true else { return .kept }
    if candidate.weight > PruningPass.shedding, try shed(candidate.key) { return .partly }
    return try forget(candidate.key, id: candidate.id, state: state, source: candidate.source) ? .gone : .kept
  }

  /// Removes some of what goes with a job that has much. - Returns: whether there is more.
  private func shed(_ job: Int64) throws -> Bool {
    let limit = PruningPass.shedding
    let gone = [
      try db.run("DELETE FROM logs WHERE key IN (SELECT key FROM logs WHERE job_key = \(job) LIMIT \(limit))"),
      try db.run("DELETE FROM attempts WHERE key IN (SELECT key FROM attempts WHERE job_key = \(job) LIMIT \(limit))"),
      try db.run("DELETE FROM signals WHERE key IN (SELECT key FROM signals WHERE job_key = \(job) LIMIT \(limit))"),
      try db.run(
        "DELETE FROM dead_chunks WHERE key IN (SELECT key FROM dead_chunks WHERE job_key = \(job) LIMIT \(limit))"),
      try db.run(
        """
        DELETE FROM job_blobs WHERE job_key = \(job)
          AND blob_key IN (SELECT blob_key FROM job_blobs WHERE job_key = \(job) LIMIT \(limit))
        """),
    ]
    return gone.contains(limit)
  }

  /// Removes a job that has ended, with all that is its own, and leaves its last state to its idempotency keys.
  /// - Returns: whether it was there.
  func forget(_ job: Int64, id: String, state: JobState, source: Int64) throws -> Bool {
    _ = try db.run("UPDATE idempotency_keys SET state = \(state.rawValue) WHERE job = \(id)")
    guard try db.run("DELETE FROM jobs WHERE key = \(job)") > 0 else { return false }
    _ = try db.run(
      "UPDATE sources SET \(raw: state.counter) = \(raw: state.counter) - 1 WHERE key = \(source)")
    return true
  }
}
