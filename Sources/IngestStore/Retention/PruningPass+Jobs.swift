import IngestCore
import IngestSQL

/// Pruning of ended jobs, with their steps, attempts, logs, signals and dead chunks.
extension PruningPass {
  struct Candidate: Sendable {
    var key: Int64
    var id: String
    var source: Int64
    var finishedAt: Int64
    var mayGo: Bool
    /// How many rows are removed with the job.
    var weight: Int
  }

  /// How many rows of one kind one transaction removes with a job, at most.
  static let shedding = 200

  mutating func pruneJobs(_ state: JobState) async throws {
    guard let cutoff = retention.cutoff(state, now: now) else { return }
    let (policy, time) = (retention, now)
    var after: (finishedAt: Int64, key: Int64) = (.min, 0)
    while true {
      let page = try await store.read { [after] db in
        try db.rows(
          """
          SELECT \(sql: EndedJob.columns), j.key, j.id, j.source_key,
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
          let job = try EndedJob(row)
          let next = EndedJob.columnCount
          return Candidate(
            key: row.int64(next), id: row.text(next + 1), source: row.int64(next + 2),
            finishedAt: job.finishedAt.rawValue, mayGo: policy.mayGo(job, now: time), weight: row.int(next + 3))
        }
      }
      guard let last = page.last else { return }
      after = (last.finishedAt, last.key)
      try await remove(
        page.filter(\.mayGo), counting: \.jobs,
        end: { transaction, gone in
          try transaction.journal("pruned", actor: "retention", data: "\(gone) \(state.rawValue)")
        },
        { transaction, candidate in try transaction.prune(candidate, state, policy, now: time) })
    }
  }
}

extension EndedJob {
  /// The columns of a job `j` that has ended.
  fileprivate static let columns: SQL = """
    j.state, j.finished_at, EXISTS (SELECT 1 FROM jobs c WHERE c.parent_key = j.key),
    (SELECT p.finished_at IS NULL FROM jobs p WHERE p.key = j.parent_key),
    (SELECT p.finished_at FROM jobs p WHERE p.key = j.parent_key AND p.state = 'dead'),
    EXISTS (SELECT 1 FROM jobs r WHERE r.replay_of = j.id AND r.finished_at IS NULL),
    (SELECT max(r.finished_at) FROM jobs r WHERE r.replay_of = j.id AND r.state = 'dead'),
    EXISTS (SELECT 1 FROM slots s WHERE s.job_key = j.key),
    j.degraded = 1 AND EXISTS (SELECT 1 FROM dead_chunks k WHERE k.job_key = j.key),
    EXISTS (SELECT 1 FROM generations g WHERE g.key = j.generation_key AND g.state IN ('building', 'ready')),
    j.document_key IS NULL
      OR EXISTS (SELECT 1 FROM documents d WHERE d.key = j.document_key AND d.revision = j.revision)
    """
  /// The number of ``columns``, and so the position of the first column after them.
  fileprivate static let columnCount = 11

  fileprivate init(_ row: borrowing Row) throws {
    let parentDied = row.optionalInt64(4).map(Timestamp.init(rawValue:))
    let parent = row.optionalInt64(3).map { Relative(isOpen: $0 == 1, diedAt: parentDied) }
    self.init(
      state: try JobState(stored: row.text(0)), finishedAt: Timestamp(rawValue: row.int64(1)),
      hasChildren: row.bool(2), parent: parent,
      replays: Relative(isOpen: row.bool(5), diedAt: row.optionalInt64(6).map(Timestamp.init(rawValue:))),
      holdsSlots: row.bool(7), hasDeadChunks: row.bool(8), isOfCandidate: row.bool(9), isWanted: row.bool(10))
  }
}

extension WriteTransaction {
  fileprivate func prune(
    _ candidate: PruningPass.Candidate, _ state: JobState, _ retention: Retention, now: Timestamp
  ) throws -> PruningPass.Removal {
    // The job may have been redriven since: then it is no longer ended.
    let job = try db.first(
      """
      SELECT \(sql: EndedJob.columns) FROM jobs j
      WHERE j.key = \(candidate.key) AND j.state = \(state.rawValue) AND j.finished_at IS NOT NULL
      """, EndedJob.init)
    guard let job, retention.mayGo(job, now: now) else { return .kept }
    if candidate.weight > PruningPass.shedding, try shed(candidate.key) { return .partly }
    return try forget(candidate.key, id: candidate.id, state: state, source: candidate.source) ? .gone : .kept
  }

  /// Removes some of the rows of a job that has many.
  /// - Returns: whether there are more.
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

  /// Removes an ended job with all its rows, and stores its last state in its idempotency keys.
  /// - Returns: whether the job existed.
  func forget(_ job: Int64, id: String, state: JobState, source: Int64) throws -> Bool {
    _ = try db.run("UPDATE idempotency_keys SET state = \(state.rawValue) WHERE job = \(id)")
    guard try db.run("DELETE FROM jobs WHERE key = \(job)") > 0 else { return false }
    _ = try db.run(
      "UPDATE sources SET \(raw: state.counter) = \(raw: state.counter) - 1 WHERE key = \(source)")
    return true
  }
}
