package import IngestCore
import IngestSQL

/// The ticks of schedules. One transaction decides what each tick does, does it, and stores the schedule's next time.
extension Store {
  /// If the last handled tick is later than now by more than this, the clock must have been set back.
  private static let setBack: Duration = .seconds(86_400)

  package func dueSchedules(limit: Int) async throws -> (due: [ScheduleRecord], next: Timestamp?) {
    try await read { [clock] db in
      let now = clock.now
      let due = try db.rows(
        """
        SELECT \(raw: ScheduleRow.columns) FROM schedules s
        WHERE s.paused = 0 AND (s.next_at <= \(now.rawValue) OR s.last_at > \((now + Self.setBack).rawValue))
        ORDER BY s.next_at LIMIT \(limit)
        """, ScheduleRow.init)
      let next = try db.first("SELECT min(next_at) FROM schedules WHERE next_at IS NOT NULL AND paused = 0") {
        $0.optionalInt64(0)
      }
      return (due.map(\.record), (next ?? nil).map(Timestamp.init))
    }
  }

  package func fire(_ firing: ScheduleFiring) async throws -> ScheduleFired? {
    try await write { transaction in
      let row = try transaction.db.first(
        SQL(
          named: "schedule.fire",
          """
          SELECT \(raw: ScheduleRow.columns) FROM schedules s
          WHERE s.name = \(firing.name) AND s.version = \(firing.version) AND s.paused = 0
          """), ScheduleRow.init)
      guard let row else { return nil }
      var run = try ScheduleRun(row, workflow: firing.workflow, failure: firing.failure, in: transaction)
      if let missed = firing.missed { try run.miss(missed) }
      try run.startQueued()
      for tick in firing.ticks { try run.tick(tick) }
      try run.keep(last: firing.last, next: run.startsQueued ? transaction.now : firing.next)
      return run.fired
    }
  }

  package func runSchedule(_ name: String, workflow: PinnedWorkflow, actor: String) async throws -> ScheduleRunNow {
    try await write { transaction in
      let row = try transaction.db.schedule(name)
      var run = try ScheduleRun(row, workflow: workflow, failure: nil, in: transaction, actor: actor)
      let decision = try run.tick(ScheduleDecision.Tick(at: transaction.now, startAt: transaction.now))
      if let failure = run.fired.failure { throw failure }
      if decision == .skip {
        throw Failure(
          .unavailable, code: "SCHEDULE_BUSY", "A run of the schedule '\(name)' has not ended yet.",
          hint: "\(Action(.jobList)) shows it; with \(option: "overlap", "allow") or "
            + "\(option: "overlap", "queue-one") a schedule accepts another run.",
          category: .refused)
      }
      try run.keep(last: row.record.last, next: row.record.next)
      return run.fired.started.first.map { .started($0) } ?? .queued
    }
  }
}

extension WriteTransaction {
  /// Makes a schedule due at once if its next run waits and may have waited for this job, which has ended.
  func wakeSchedule(after job: JobRow) throws {
    let changed = try db.run(
      """
      UPDATE schedules SET next_at = \(now.rawValue)
      WHERE key = (SELECT schedule_key FROM jobs WHERE key = \(job.key)) AND queued_at IS NOT NULL
      """)
    if changed > 0 { db.flag(CommitFlag.wake) }
  }

  /// Whether a running job was asked to stop because the next run of its schedule replaces it.
  func isReplacedByItsSchedule(_ job: JobRow) throws -> Bool {
    guard job.document == nil else { return false }
    let actor = try db.first(
      """
      SELECT actor FROM journal WHERE job_key = \(job.key) AND kind = 'cancel-requested' ORDER BY seq DESC LIMIT 1
      """
    ) { $0.text(0) }
    return actor?.hasPrefix("schedule/") == true
  }
}
