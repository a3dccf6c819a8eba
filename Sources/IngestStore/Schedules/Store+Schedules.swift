package import IngestCore
import IngestSQL

/// Schedules as people see and change them.
extension Store: ScheduleStore {
  package func schedules() async throws -> [ScheduleRecord] {
    try await read { db in
      try db.rows("SELECT \(raw: ScheduleRow.columns) FROM schedules s ORDER BY s.name", ScheduleRow.init)
    }.map(\.record)
  }

  package func schedule(_ name: String) async throws -> ScheduleRecord {
    try await read { db in try db.schedule(name) }.record
  }

  package func addSchedule(_ name: String, _ spec: ScheduleSpec, actor: String) async throws {
    let text = try JSONText.encode(spec)
    try await write { transaction in
      let db = transaction.db
      let origin = try db.first("SELECT origin FROM schedules WHERE name = \(name)") { $0.text(0) }
      if let origin {
        throw Failure.scheduleExists(name, isLive: origin == "live")
      }
      if let index = spec.run.index { _ = try db.index(index) }
      try transaction.insertSchedule(name, spec: text, origin: .live, actor: actor)
    }
  }

  package func removeSchedule(_ name: String, actor: String) async throws {
    try await write { transaction in
      let row = try transaction.db.schedule(name)
      guard row.record.origin == .live else {
        throw Failure(
          .permanent, code: "SCHEDULE_CONFIGURED", "The schedule '\(name)' is defined in the configuration.",
          hint: "Remove it from ingestd.yaml and restart the workers; \(Action(.schedulePause, name)) stops it now.",
          category: .refused)
      }
      try transaction.deleteSchedule(row, actor: actor)
    }
  }

  package func pauseSchedule(_ name: String, actor: String) async throws -> Bool {
    try await write { transaction in
      let row = try transaction.db.schedule(name)
      guard !row.record.isPaused else { return false }
      _ = try transaction.db.run(
        """
        UPDATE schedules SET paused = 1, version = version + 1, actor = \(actor),
          changed_at = \(transaction.now.rawValue)
        WHERE key = \(row.key)
        """)
      try transaction.journal("schedule-paused", actor: actor, data: name)
      return true
    }
  }

  package func resumeSchedule(_ name: String, actor: String) async throws -> Bool {
    try await write { transaction in
      let row = try transaction.db.schedule(name)
      guard row.record.isPaused else { return false }
      let now = transaction.now.rawValue
      _ = try transaction.db.run(
        """
        UPDATE schedules SET paused = 0, version = version + 1, last_at = max(last_at, \(now)), next_at = \(now),
          actor = \(actor), changed_at = \(now)
        WHERE key = \(row.key)
        """)
      try transaction.journal("schedule-resumed", actor: actor, data: name)
      transaction.db.flag(CommitFlag.wake)
      return true
    }
  }

  @discardableResult
  package func configureSchedules(_ schedules: [String: ScheduleSpec], actor: String) async throws -> Int {
    let texts = try schedules.mapValues { try JSONText.encode($0) }
    // Most starts of a worker change nothing and need no write transaction.
    if try await read({ db in try Self.isConfigured(texts, db) }) { return 0 }
    return try await write { transaction in
      var changed = 0
      var known = Set<String>()
      for row in try transaction.db.rows("SELECT \(raw: ScheduleRow.columns) FROM schedules s", ScheduleRow.init) {
        known.insert(row.record.name)
        guard row.record.origin == .configuration else { continue }
        guard let spec = schedules[row.record.name], let text = texts[row.record.name] else {
          try transaction.deleteSchedule(row, actor: actor)
          changed += 1
          continue
        }
        guard text != row.specText else { continue }
        try transaction.change(row, to: spec, text: text, actor: actor)
        changed += 1
      }
      for (name, text) in texts.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
        try transaction.insertSchedule(name, spec: text, origin: .configuration, actor: actor)
        changed += 1
      }
      return changed
    }
  }

  private static func isConfigured(_ texts: [String: String], _ db: Connection) throws -> Bool {
    var left = texts
    for (name, spec, origin) in try db.rows(
      "SELECT name, spec, origin FROM schedules",
      {
        ($0.text(0), $0.text(1), $0.text(2))
      })
    {
      let wanted = left.removeValue(forKey: name)
      if origin == Origin.configuration.rawValue, wanted != spec { return false }
    }
    return left.isEmpty
  }
}

extension WriteTransaction {
  fileprivate func insertSchedule(_ name: String, spec: String, origin: Origin, actor: String) throws {
    _ = try db.run(
      """
      INSERT INTO schedules (name, spec, origin, last_at, next_at, actor, created_at, changed_at)
      VALUES (\(name), \(spec), \(origin.rawValue), \(now.rawValue), \(now.rawValue), \(actor), \(now.rawValue),
        \(now.rawValue))
      """)
    try journal("schedule-added", actor: actor, data: name)
    db.flag(CommitFlag.wake)
  }

  fileprivate func deleteSchedule(_ row: ScheduleRow, actor: String) throws {
    _ = try db.run("DELETE FROM schedules WHERE key = \(row.key)")
    try journal("schedule-removed", actor: actor, data: row.record.name)
  }

  /// Changes a schedule. If it ticks at other times now, it starts over: ticks of the old times no longer count.
  fileprivate func change(_ row: ScheduleRow, to spec: ScheduleSpec, text: String, actor: String) throws {
    let old = row.record.spec
    let isAnew = old.timing != spec.timing || old.zone != spec.zone
    _ = try db.run(
      """
      UPDATE schedules SET spec = \(text), version = version + 1, next_at = \(now.rawValue), actor = \(actor),
        last_at = CASE WHEN \(isAnew) THEN \(now.rawValue) ELSE last_at END,
        created_at = CASE WHEN \(isAnew) THEN \(now.rawValue) ELSE created_at END, changed_at = \(now.rawValue)
      WHERE key = \(row.key)
      """)
    try journal("schedule-changed", actor: actor, data: row.record.name)
    db.flag(CommitFlag.wake)
  }
}

/// A schedule and its key.
struct ScheduleRow {
  var key: Int64
  var specText: String
  var record: ScheduleRecord

  static let columns: StaticString = """
    s.key, s.name, s.spec, s.origin, s.paused, s.version, s.created_at, s.last_at, s.next_at, s.queued_at, \
    (SELECT count(*) FROM jobs j WHERE j.schedule_key = s.key AND j.finished_at IS NULL), s.fired, s.skipped, \
    s.missed_at, s.fired_at, s.last_job, (SELECT j.state FROM jobs j WHERE j.id = s.last_job), s.error
    """

  init(_ row: borrowing Row) throws {
    guard let origin = Origin(rawValue: row.text(3)) else {
      throw Failure.damaged("a schedule's origin is '\(row.text(3))'")
    }
    key = row.int64(0)
    specText = row.text(2)
    record = ScheduleRecord(
      name: row.text(1), spec: try JSONText.decode(ScheduleSpec.self, row.text(2)), origin: origin,
      isPaused: row.bool(4), version: row.int64(5), createdAt: Timestamp(rawValue: row.int64(6)),
      last: Timestamp(rawValue: row.int64(7)), next: row.optionalInt64(8).map(Timestamp.init),
      queued: row.optionalInt64(9).map(Timestamp.init), running: row.int(10), fired: row.int(11),
      skipped: row.int(12), missed: row.optionalInt64(13).map(Timestamp.init),
      lastFiredAt: row.optionalInt64(14).map(Timestamp.init), lastJob: row.optionalText(15).map(JobID.init),
      lastState: try row.optionalText(16).map { try JobState(stored: $0) },
      error: try row.optionalText(17).map { try JSONText.decode(Failure.self, $0) })
  }
}

extension Connection {
  /// Returns a schedule.
  /// - Throws: `SCHEDULE_NOT_FOUND` with the nearest name.
  func schedule(_ name: String) throws -> ScheduleRow {
    let known = try first(
      "SELECT \(raw: ScheduleRow.columns) FROM schedules s WHERE s.name = \(name)", ScheduleRow.init)
    if let known { return known }
    let names = try rows("SELECT name FROM schedules LIMIT 1000") { $0.text(0) }
    throw Failure(
      .permanent, code: "SCHEDULE_NOT_FOUND", "There is no schedule '\(name)'.",
      hint: nearestName(to: name, among: names).map { "Did you mean '\($0)'?" }
        ?? "\(Action(.scheduleList)) lists the schedules.",
      category: .notFound)
  }
}
