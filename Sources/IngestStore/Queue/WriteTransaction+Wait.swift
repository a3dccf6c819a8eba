import IngestCore
import IngestSQL

/// Jobs that wait for a time, a signal or their children.
extension WriteTransaction {
  /// Ends a run whose step has to wait. The step runs again from this cursor when the wait is over. If the awaited
  /// thing is there already, the job returns to the queue in this same transaction.
  func wait(
    _ job: JobRow, for wait: StepWait, step: String, position: Int, cursor: String, actor: String
  ) throws {
    _ = try db.run(
      """
      INSERT INTO steps (job_key, position, step, cursor, started_at)
      VALUES (\(job.key), \(position), \(step), \(cursor), \(now.rawValue))
      ON CONFLICT (job_key, position) DO UPDATE SET cursor = excluded.cursor, error = NULL
      """)
    // The step made progress: earlier failures and deaths no longer count against the job.
    if job.hasFailed || job.deaths > 0 {
      _ = try db.run("UPDATE jobs SET error = NULL, deaths = 0, alone = 0 WHERE key = \(job.key)")
    }
    try journal("waiting", actor: actor, job: job.key, data: step)
    switch wait {
    case .until(let time):
      _ = try db.run(
        """
        UPDATE jobs SET state = 'queued', reason = 'scheduled', worker_key = NULL, lease_until = NULL, wake = NULL,
          due_at = \(time.rawValue)
        WHERE key = \(job.key)
        """)
      try count(source: job.source, from: .running, to: .queued)
      db.flag(CommitFlag.wake)
    case .signal(let name, let until):
      if let wake = try takeSignal(name, of: job) { return try resume(job, with: wake) }
      _ = try db.run(
        """
        UPDATE jobs SET state = 'waiting', worker_key = NULL, lease_until = NULL, wake = NULL,
          waits_signal = \(name), due_at = \(until?.rawValue)
        WHERE key = \(job.key)
        """)
      try count(source: job.source, from: .running, to: .waiting)
      // Workers sleep until the next due time that they know.
      if until != nil { db.flag(CommitFlag.wake) }
    case .children:
      let open = try db.first("SELECT open FROM child_groups WHERE parent_key = \(job.key) AND step = \(position)") {
        $0.int(0)
      }
      guard let open, open > 0 else {
        return try resume(job, with: .children(try childrenReport(of: job.key, step: position)))
      }
      _ = try db.run(
        """
        UPDATE jobs SET state = 'waiting', worker_key = NULL, lease_until = NULL, wake = NULL,
          waits_children = \(position)
        WHERE key = \(job.key)
        """)
      try count(source: job.source, from: .running, to: .waiting)
    }
  }

  /// Makes a job whose wait is over claimable, and stores what ended the wait.
  func resume(_ job: JobRow, with wake: Wake) throws {
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = 'ready', worker_key = NULL, lease_until = NULL, due_at = NULL,
        waits_signal = NULL, waits_children = NULL, wake = \(JSONText.encode(wake))
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: job.state, to: .queued)
    if try isAlone(job) {
      db.flag(CommitFlag.wake)
    } else {
      try ready(source: job.source, lane: job.lane, rank: job.rank)
    }
    try journal("woken", actor: wake.actor, job: job.key, data: wake.name)
  }

  /// Reads `alone` again: this transition may have changed it.
  private func isAlone(_ job: JobRow) throws -> Bool {
    guard job.alone else { return false }
    return try db.first("SELECT alone FROM jobs WHERE key = \(job.key)") { $0.bool(0) } ?? false
  }

  /// Marks the job as failing: it dies when its on-failure step has ended. That step has its own limits. The job's
  /// deadline does not apply to it, since the job may die because of that deadline.
  func markFailing(_ job: JobRow, of fatal: FailedAttempt, actor: String) throws {
    try record(fatal, of: job, spent: true)
    // After a redrive, its step waits again.
    if job.isWoken { try forgetCursors(of: job) }
    _ = try db.run(
      """
      UPDATE jobs SET fatal = \(JSONText.encode(fatal)), wake = NULL, deadline_at = NULL WHERE key = \(job.key)
      """)
    try journal("condemned", actor: actor, job: job.key, data: fatal.failure.code)
  }

  /// Prepares an ended job to continue: its step waits again, a `foreach` checks all its children again, and its
  /// on-failure step can run again.
  func reopen(_ job: JobRow) throws {
    if job.isFailing {
      _ = try db.run(
        """
        DELETE FROM steps WHERE job_key = \(job.key) AND position >= (
          SELECT json_array_length(w.definition, '$.steps') FROM jobs j JOIN workflows w ON w.key = j.workflow_key
          WHERE j.key = \(job.key))
        """)
    }
    let childGroups = try db.run("UPDATE child_groups SET closing = 0 WHERE parent_key = \(job.key)")
    if job.isWoken || childGroups > 0 { try forgetCursors(of: job) }
    if job.isWoken || job.isFailing {
      _ = try db.run("UPDATE jobs SET wake = NULL, fatal = NULL WHERE key = \(job.key)")
    }
  }
}

extension WriteTransaction {
  fileprivate func forgetCursors(of job: JobRow) throws {
    _ = try db.run("UPDATE steps SET cursor = NULL WHERE job_key = \(job.key) AND finished_at IS NULL")
  }
}

extension Wake {
  /// Who ended the wait, for the journal.
  fileprivate var actor: String {
    switch self {
    case .signal(_, _, let actor, _): actor
    case .timedOut: "clock"
    case .children: "children"
    }
  }

  fileprivate var name: String {
    switch self {
    case .signal(let name, _, _, _): name
    case .timedOut: "timed-out"
    case .children: "children"
    }
  }
}
