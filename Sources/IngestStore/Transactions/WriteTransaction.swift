import IngestCore
import IngestSQL

/// One state transition in progress: its connection and its time. The methods here are shared by several transitions.
struct WriteTransaction {
  let db: Connection
  let now: Timestamp
  /// Microseconds since boot, for leases.
  let uptime: Int64
  /// The boot that ``uptime`` belongs to.
  let bootID: String
  let identifiers: IdentifierGenerator
  let flow: FlowCache
  let breakers: BreakerPolicy

  /// Writes one line of the journal. `actor` names who made the transition: `worker/12`, `cli/ann`.
  func journal(
    _ kind: String, actor: String, job: Int64? = nil, document: Int64? = nil, generation: Int64? = nil,
    data: String? = nil
  ) throws {
    _ = try db.run(
      """
      INSERT INTO journal (at, kind, actor, job_key, document_key, generation_key, data)
      VALUES (\(now.rawValue), \(kind), \(actor), \(job), \(document), \(generation), \(data))
      """)
  }

  /// Moves one job from one counter of its source to another.
  func count(source: Int64, from: JobState, to: JobState) throws {
    _ = try db.run(
      SQL(
        named: "source.count",
        """
        UPDATE sources SET \(raw: from.counter) = \(raw: from.counter) - 1, \(raw: to.counter) = \(raw: to.counter) + 1
        WHERE key = \(source)
        """))
  }

  /// Makes a queued job claimable.
  func makeReady(_ job: JobRow) throws {
    _ = try db.run("UPDATE jobs SET reason = 'ready', due_at = NULL WHERE key = \(job.key)")
    if job.alone {
      db.flag(CommitFlag.wake)
    } else {
      try ready(source: job.source, lane: job.lane, rank: job.rank)
    }
  }

  /// Takes a queued job out of the counters of claimable jobs, before it leaves that state.
  func unready(_ job: JobRow) throws {
    guard job.state == .queued, job.reason == QueuedReason.ready.rawValue, !job.alone else { return }
    try unready(source: job.source, lane: job.lane)
  }

  /// Releases the jobs that waited for a job that has ended: the next job of its document, and a job that waits for its
  /// generation.
  func release(after job: JobRow) throws {
    if let document = job.document {
      let next = try db.first(
        """
        SELECT \(raw: JobRow.columns) FROM jobs
        WHERE generation_key = \(job.generation) AND document_key = \(document) AND finished_at IS NULL
        ORDER BY revision LIMIT 1
        """, JobRow.init)
      if let next, next.state == .queued, next.reason == QueuedReason.afterPrevious.rawValue {
        let start = QueuedStart(
          notBefore: next.notBefore.map(Timestamp.init(rawValue:)), isBlocked: false, now: now)
        if let dueAt = start.dueAt {
          _ = try db.run(
            """
            UPDATE jobs SET reason = \(start.reason.rawValue), due_at = \(dueAt.rawValue) WHERE key = \(next.key)
            """)
          db.flag(CommitFlag.wake)
        } else {
          try makeReady(next)
        }
      }
    }
    if let generation = job.generation { try wakeWaiting(generation: generation) }
  }

  /// Continues a job that waits for the others of its generation, once none of them is open.
  func wakeWaiting(generation: Int64) throws {
    let waiting = try db.rows(
      """
      SELECT \(raw: JobRow.columns), waits_below, waits_for FROM jobs
      WHERE generation_key = \(generation) AND waits_below IS NOT NULL
      """
    ) { row in (try JobRow(row), bound: row.int64(JobRow.count), known: row.optionalInt64(JobRow.count + 1)) }
    for (job, bound, known) in waiting {
      if let known, try isOpen(known) { continue }
      if let next = try openJob(generation: generation, below: bound) {
        _ = try db.run("UPDATE jobs SET waits_for = \(next) WHERE key = \(job.key)")
        continue
      }
      _ = try db.run(
        SQL(
          named: "wait.end-gathering",
          """
          UPDATE jobs SET state = 'queued', reason = 'ready', waits_below = NULL, waits_for = NULL
          WHERE key = \(job.key)
          """))
      try count(source: job.source, from: .waiting, to: .queued)
      if job.alone {
        db.flag(CommitFlag.wake)
      } else {
        try ready(source: job.source, lane: job.lane, rank: job.rank)
      }
    }
  }

  private func isOpen(_ job: Int64) throws -> Bool {
    try db.first("SELECT 1 FROM jobs WHERE key = \(job) AND finished_at IS NULL") { _ in true } ?? false
  }

  /// Returns an open job of a document: that of the last document, which probably ends last.
  private func openJob(generation: Int64, below bound: Int64) throws -> Int64? {
    try db.first(
      """
      SELECT key FROM jobs
      WHERE generation_key = \(generation) AND document_key IS NOT NULL AND finished_at IS NULL
        AND \(sql: CommitOrder.existed(at: bound))
      ORDER BY document_key DESC LIMIT 1
      """
    ) { $0.int64(0) }
  }

  /// Ends a job as cancelled.
  func cancel(_ job: JobRow, reason: String, actor: String) throws {
    try unready(job)
    try releaseSlots(of: job)
    _ = try db.run(
      """
      UPDATE jobs SET state = 'cancelled', reason = \(reason), due_at = NULL, waits_below = NULL,
        waits_signal = NULL, waits_children = NULL, worker_key = NULL, lease_until = NULL, finished_at = \(now.rawValue)
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: job.state, to: .cancelled)
    try journal(reason == "superseded" ? "superseded" : "cancelled", actor: actor, job: job.key)
    try countEnd(of: job, as: .cancelled)
    try abandonChildren(of: job)
    try noteUnsettledWrite(of: job)
  }

  /// Ends a job as a dead letter.
  func die(_ job: JobRow, of failure: Failure, actor: String) throws {
    try unready(job)
    try releaseSlots(of: job)
    _ = try db.run(
      """
      UPDATE jobs SET state = 'dead', reason = NULL, due_at = NULL, waits_below = NULL,
        waits_signal = NULL, waits_children = NULL, worker_key = NULL, lease_until = NULL, finished_at = \(now.rawValue), error = \(JSONText.encode(failure))
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: job.state, to: .dead)
    try journal("died", actor: actor, job: job.key, data: failure.code)
    try countEnd(of: job, as: .dead)
    try abandonChildren(of: job)
    try noteUnsettledWrite(of: job)
    try release(after: job)
  }

  /// Counts a death against a content.
  /// - Returns: the quarantine failure, once there are too many deaths.
  func countDeath(of content: String) throws -> Failure? {
    let deaths = try db.first(
      """
      INSERT INTO quarantine (content, deaths, changed_at) VALUES (\(content), 1, \(now.rawValue))
      ON CONFLICT (content) DO UPDATE SET deaths = deaths + 1, changed_at = excluded.changed_at
      RETURNING deaths
      """
    ) { $0.int(0) }
    return Deaths.isQuarantined(deaths ?? 0) ? .quarantined(content) : nil
  }

  /// Returns the job, if the lease is still valid.
  /// - Throws: ``LeaseLost``.
  func leased(_ lease: Lease) throws -> JobRow {
    let job = try db.first(
      SQL(
        named: "lease.check",
        """
        SELECT \(raw: JobRow.columns) FROM jobs
        WHERE key = \(lease.key) AND id = \(lease.job.rawValue) AND fence = \(lease.fence) AND state = 'running'
        """), JobRow.init)
    guard let job else { throw LeaseLost() }
    return job
  }

  /// Reads the job again: this transition may have changed it through other jobs.
  func job(_ key: Int64) throws -> JobRow? {
    try db.first("SELECT \(raw: JobRow.columns) FROM jobs WHERE key = \(key)", JobRow.init)
  }

  func job(_ id: JobID) throws -> JobRow? {
    try db.first("SELECT \(raw: JobRow.columns) FROM jobs WHERE id = \(id.rawValue)", JobRow.init)
  }
}

extension JobState {
  /// The column of `sources` that counts jobs in this state.
  var counter: StaticString {
    switch self {
    case .queued: "queued"
    case .running: "running"
    case .waiting: "waiting"
    case .completed: "completed"
    case .cancelled: "cancelled"
    case .dead: "dead"
    }
  }
}
