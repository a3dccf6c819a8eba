package import IngestCore
import IngestSQL

/// Workers, their leases and their deaths.
extension Store {
  package func register(_ worker: WorkerRegistration) async throws {
    try await write { transaction in
      let db = transaction.db
      // Leases of another boot are void: the workers that held them are gone.
      let gone = try db.rows("SELECT id FROM workers WHERE boot_id <> \(worker.bootID)") { row in
        WorkerID(rawValue: row.text(0))
      }
      // No document caused a reboot, so this counts no deaths.
      for id in gone { _ = try transaction.reclaim(dead: id, died: false) }
      _ = try db.run(
        """
        INSERT INTO workers (id, process, host, boot_id, lock_path, concurrency, started_at, heartbeat_at)
        VALUES (\(worker.id.rawValue), \(Int(worker.process)), \(worker.host), \(worker.bootID), \(worker.liveness.rawValue),
          \(worker.concurrency), \(transaction.now.rawValue), \(transaction.now.rawValue))
        ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at
        """)
      // The other workers watch their peers for deaths, so they must learn of this one.
      db.flag(CommitFlag.wake)
    }
  }

  package func deregister(_ worker: WorkerID) async throws {
    try await write { transaction in _ = try transaction.reclaim(dead: worker, died: false) }
  }

  package func peers(of worker: WorkerID) async throws -> [WorkerRegistration] {
    try await read { db in
      try db.rows(
        """
        SELECT id, process, host, boot_id, lock_path, concurrency FROM workers WHERE id <> \(worker.rawValue)
        """
      ) { row in
        WorkerRegistration(
          id: WorkerID(rawValue: row.text(0)), process: Int32(truncatingIfNeeded: row.int(1)), host: row.text(2),
          bootID: row.text(3), liveness: LivenessToken(rawValue: row.text(4)), concurrency: row.int(5))
      }
    }
  }

  package func renew(_ worker: WorkerID, leases: [Lease], for duration: Duration) async throws -> LeaseReport {
    try await write { transaction in
      let db = transaction.db
      let until = transaction.uptime + duration.microseconds
      let known = try db.run(
        "UPDATE workers SET heartbeat_at = \(transaction.now.rawValue) WHERE id = \(worker.rawValue)")
      guard known > 0 else { throw Failure.workerUnknown(worker) }
      var report = LeaseReport(lost: [], cancelled: [])
      for lease in leases {
        let cancelled = try db.first(
          SQL(
            named: "lease.renew",
            """
            UPDATE jobs SET lease_until = \(until)
            WHERE key = \(lease.key) AND id = \(lease.job.rawValue) AND fence = \(lease.fence) AND state = 'running'
            RETURNING cancel_requested
            """)
        ) { $0.bool(0) }
        switch cancelled {
        case nil: report.lost.append(lease)
        case true?: report.cancelled.append(lease)
        case false?: break
        }
      }
      return report
    }
  }

  package func cancellations(_ worker: WorkerID) async throws -> [Lease] {
    try await read { db in
      try db.rows(
        """
        SELECT j.key, j.id, j.fence FROM jobs j JOIN workers w ON j.worker_key = w.key
        WHERE w.id = \(worker.rawValue) AND j.state = 'running' AND j.cancel_requested = 1
        """
      ) { row in
        Lease(key: row.int64(0), job: JobID(rawValue: row.text(1)), worker: worker, fence: row.int64(2))
      }
    }
  }

  package func reclaim(dead worker: WorkerID) async throws -> Int {
    try await write { transaction in try transaction.reclaim(dead: worker) }
  }
}

extension WriteTransaction {
  /// Returns a worker's jobs to the queue and removes the worker. With `died`, this counts a death for each of the
  /// jobs, and for the content of a job that was alone in the process.
  func reclaim(dead worker: WorkerID, died: Bool = true) throws -> Int {
    guard let key = try db.first("SELECT key FROM workers WHERE id = \(worker.rawValue)", { $0.int64(0) }) else {
      return 0
    }
    let jobs = try db.rows("SELECT \(raw: JobRow.columns) FROM jobs WHERE worker_key = \(key)", JobRow.init)
    for job in jobs {
      try giveBack(job, died: died, aloneInProcess: jobs.count == 1, actor: "worker/\(key)")
    }
    _ = try db.run("DELETE FROM workers WHERE key = \(key)")
    return jobs.count
  }

  /// Returns a running job to the queue without spending an attempt.
  func giveBack(_ job: JobRow, died: Bool, aloneInProcess: Bool, actor: String) throws {
    if job.cancelRequested, try !isWantedAgain(job) {
      try cancel(job, reason: try cancelReason(job), actor: actor)
      return try release(after: job)
    }
    let back = Deaths.giveBack(deaths: job.deaths, died: died, aloneInProcess: aloneInProcess)
    if back.countsAgainstContent, let content = job.content, let failure = try countDeath(of: content) {
      return try die(job, of: failure, actor: actor)
    }
    try releaseSlots(of: job)
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = 'ready', worker_key = NULL, lease_until = NULL, deaths = \(back.deaths),
        alone = \(back.runsAlone), cancel_requested = 0
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .running, to: .queued)
    if back.runsAlone {
      db.flag(CommitFlag.wake)
    } else {
      try ready(source: job.source, lane: job.lane, rank: job.rank)
    }
    try journal(died ? "reclaimed" : "released", actor: actor, job: job.key)
  }
}

extension Failure {
  static func workerUnknown(_ worker: WorkerID) -> Failure {
    Failure(
      .transient, code: "WORKER_UNKNOWN", "Worker \(worker) is not registered any more.",
      hint: "It was considered dead; it registers again by itself.", reason: .workerUnknown)
  }
}
