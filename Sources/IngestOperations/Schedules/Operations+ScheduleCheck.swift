package import IngestCore

/// The bounds of a schedule's durations.
private enum ScheduleBounds {
  /// A longer jitter would make the next run unpredictable.
  static let jitter: Duration = .seconds(86_400)
  static let catchUp: Duration = .seconds(366 * 86_400)
}

extension Operations {
  /// Checks a schedule, except its workflow and index.
  /// - Returns: the next times of the schedule if it were added now.
  /// - Throws: `SCHEDULE_INVALID`, `TIME_ZONE_INVALID`, `SCHEDULE_PAST`, `SCHEDULE_TASK_INVALID`, `NAME_INVALID`.
  @discardableResult
  package func checkSchedule(_ name: String, _ spec: ScheduleSpec, times: Int = 1) throws -> [Timestamp] {
    try NameRule.check(name, of: "a schedule", longest: 128)
    try NameRule.checkSource(spec.run.source)
    let now = clock.now
    let timing = try ScheduleTiming(spec.timing, from: now)
    let rules = try parts.zones.rules(of: spec.zone)
    for (what, length, longest) in [
      ("jitter", spec.jitter, ScheduleBounds.jitter), ("catch-up window", spec.catchUp, ScheduleBounds.catchUp),
    ] where length < .zero || length > longest {
      throw Failure(
        .permanent, code: "SCHEDULE_INVALID", "A \(what) of \(length.compact) is not possible.",
        hint: "It is at most \(longest.compact).", category: .invalid)
    }
    guard JSONValue(parsing: spec.run.task) != nil else {
      throw Failure(
        .permanent, code: "SCHEDULE_TASK_INVALID", "The task of schedule '\(name)' is not JSON.",
        hint: "Give one JSON value, such as '{\"days\": 7}'.", category: .invalid)
    }
    if spec.run.workflow == ScanTask.workflow, spec.run.scan == nil {
      throw Failure(
        .permanent, code: "SCHEDULE_TASK_INVALID", "The task of schedule '\(name)' names no folder to scan.",
        hint: "Give \(option: "scan", "DIR"), which writes the task.", category: .invalid)
    }
    let next = timing.times(after: now, in: rules, count: times)
    guard !next.isEmpty else {
      throw Failure(
        .permanent, code: "SCHEDULE_PAST", "\(timing) has passed: it would never run.",
        hint: "Give a time in the future; it is \(now) now.", category: .invalid, reason: .timePassed)
    }
    return next
  }

  /// Checks that no schedule has the name. The store checks it again when it adds one.
  /// - Throws: `SCHEDULE_EXISTS`.
  func requireFreeSchedule(_ name: String) async throws {
    guard let record = try await schedules.schedules().first(where: { $0.name == name }) else { return }
    throw Failure.scheduleExists(name, isLive: record.origin == .live)
  }
}

extension ScheduleTiming {
  /// Returns the next times after a time, without jitter; fewer than `count` if there are no more.
  func times(after time: Timestamp, in rules: TimeZoneRules, count: Int) -> [Timestamp] {
    var times: [Timestamp] = []
    var last = time
    while times.count < count, let next = next(after: last, in: rules) {
      times.append(next)
      last = next
    }
    return times
  }
}
