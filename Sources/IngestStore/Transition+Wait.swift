import IngestCore
import IngestSQL

/// Jobs that wait for a time, a signal or their children.
extension Transition {
  /// Ends a run whose step is not done: it is run again, from this cursor, when the wait is over.
  func wait(
    _ job: JobRow, for wait: StepWait, step: String, position: Int, cursor: String, actor: String
  ) throws {
    _ = try db.run(
      """
      INSERT INTO steps (job_key, position, step, cursor, started_at)
      VALUES (\(job.key), \(position), \(step), \(cursor), \(now.rawValue))
      ON CONFLICT (job_key, position) DO UPDATE SET cursor = excluded.cursor
      """)
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
      _ = try db.run(
        """
        UPDATE jobs SET state = 'waiting', worker_key = NULL, lease_until = NULL, wake = NULL,
          waits_signal = \(name), due_at = \(until?.rawValue)
        WHERE key = \(job.key)
        """)
      try count(source: job.source, from: .running, to: .waiting)
    case .children:
      _ = try db.run(
        """
        UPDATE jobs SET state = 'waiting', worker_key = NULL, lease_until = NULL, wake = NULL, waits_children = 0
        WHERE key = \(job.key)
        """)
      try count(source: job.source, from: .running, to: .waiting)
    }
    try journal("waiting", actor: actor, job: job.key, data: step)
  }
}
