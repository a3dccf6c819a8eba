package import IngestCore
import IngestSQL

/// The status of everything, from counters and small indexes. The cost does not depend on how many jobs wait.
extension Store {
  package func status() async throws -> StatusReport {
    let workers = try await workers()
    return try await read { [clock] db in
      let sources = try db.rows(
        """
        SELECT name, queued, running, waiting, completed, cancelled, dead FROM sources
        ORDER BY queued + running + waiting DESC, name
        """
      ) { row in
        StatusReport.Source(
          source: row.text(0), queued: row.int(1), running: row.int(2), waiting: row.int(3), completed: row.int(4),
          cancelled: row.int(5), dead: row.int(6))
      }
      let holds = try QueueHolds(db, now: clock.now, uptime: clock.uptime, bootID: clock.bootID)
      let breakers = try DependencyRow.all(db).map {
        $0.report(now: clock.now, uptime: clock.uptime, bootID: clock.bootID)
      }
      return StatusReport(
        sources: sources, queuedReasons: try db.queuedReasons(holds), workers: workers, breakers: breakers)
    }
  }

  package func workers() async throws -> [StatusReport.Worker] {
    try await read { db in
      try db.rows(
        """
        SELECT id, process, host, concurrency, started_at, lock_path,
          (SELECT count(*) FROM jobs j WHERE j.worker_key = w.key)
        FROM workers w ORDER BY key
        """
      ) { row in
        StatusReport.Worker(
          worker: row.text(0), process: Int32(truncatingIfNeeded: row.int(1)), host: row.text(2),
          concurrency: row.int(3), running: row.int(6), startedAt: Timestamp(rawValue: row.int64(4)),
          lockPath: row.text(5))
      }
    }
  }
}

extension Connection {
  /// Counts the queued jobs by the reason why they do not run, in the order of ``QueuedReason``.
  fileprivate func queuedReasons(_ holds: QueueHolds) throws -> [StatusReport.Reason] {
    var found = try holds.claimable(self)
    func add(_ reason: QueuedReason, _ count: Int, _ next: Timestamp?) {
      guard count > 0 else { return }
      let known = found[reason]
      found[reason] = ((known?.count ?? 0) + count, [known?.next, next].compactMap { $0 }.min())
    }
    let alone =
      try first(
        "SELECT count(*) FROM jobs WHERE state = 'queued' AND reason = 'ready' AND alone = 1"
      ) { $0.int(0) } ?? 0
    add(holds.isPaused ? .paused : .ready, alone, nil)
    for reason in QueuedReason.allCases where reason != .ready && reason != .scheduled {
      let count =
        try first(
          "SELECT count(*) FROM jobs WHERE state = 'queued' AND reason <> 'ready' AND reason = \(reason.rawValue)"
        ) { $0.int(0) } ?? 0
      add(reason, count, try count > 0 ? next(reason, of: count) : nil)
    }
    // All other queued jobs are scheduled. Subtracting avoids a count of, say, a million jobs that are due next week.
    let queued = try first("SELECT coalesce(sum(queued), 0) FROM sources") { $0.int(0) } ?? 0
    let rest = queued - found.values.reduce(0) { $0 + $1.count }
    add(.scheduled, rest, try rest > 0 ? next(.scheduled, of: rest) : nil)
    return QueuedReason.allCases.compactMap { reason in
      found[reason].map { StatusReport.Reason(reason: reason, count: $0.count, nextAt: $0.next) }
    }
  }

  /// Returns when the first job with a reason is due. If there are more than 1000 such jobs, it examines only the first
  /// 1000 due jobs of any reason, and returns nil if none of them has this reason.
  private func next(_ reason: QueuedReason, of count: Int) throws -> Timestamp? {
    if count <= 1000 {
      return try first(
        """
        SELECT min(due_at) FROM jobs INDEXED BY jobs_reason
        WHERE state = 'queued' AND reason <> 'ready' AND reason = \(reason.rawValue)
        """
      ) { $0.optionalInt64(0).map(Timestamp.init) } ?? nil
    }
    return try first(
      """
      SELECT min(due_at) FROM (SELECT due_at, reason FROM jobs INDEXED BY jobs_due
        WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1000) WHERE reason = \(reason.rawValue)
      """
    ) { $0.optionalInt64(0).map(Timestamp.init) } ?? nil
  }
}
