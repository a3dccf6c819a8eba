import FoundationEssentials
package import IngestCore

/// What people ask of schedules.
package struct ScheduleOperations: Sendable {
  let store: any ScheduleStore
  let zones: any TimeZoneSource
  let clock: any TimeSource
  /// Who asks, for the journal.
  let actor: Actor

  /// Jitter past this would only hide when a run is to come.
  private static let longestJitter: Duration = .seconds(86_400)
  private static let longestCatchUp: Duration = .seconds(366 * 86_400)

  package init(store: any ScheduleStore, zones: any TimeZoneSource, clock: any TimeSource, actor: Actor) {
    self.store = store
    self.zones = zones
    self.clock = clock
    self.actor = actor
  }

  /// Whether the schedule can be meant, and its next times if it were added now.
  /// - Throws: `SCHEDULE_INVALID`, `TIME_ZONE_INVALID`, `SCHEDULE_PAST`, `SCHEDULE_TASK_INVALID`, `NAME_INVALID`.
  package func check(_ name: String, _ spec: ScheduleSpec, times: Int = 1) throws -> [Timestamp] {
    try NameRule.check(name, of: "a schedule", longest: 128)
    try NameRule.checkSource(spec.run.source)
    let now = clock.now
    let timing = try ScheduleTiming(spec.timing, from: now)
    let rules = try zones.rules(of: spec.zone)
    for (what, length, longest) in [
      ("jitter", spec.jitter, Self.longestJitter), ("catch-up window", spec.catchUp, Self.longestCatchUp),
    ] where length < .zero || length > longest {
      throw Failure(
        .permanent, code: "SCHEDULE_INVALID", "A \(what) of \(length.compact) is not possible.",
        hint: "It is at most \(longest.compact).", category: .invalid)
    }
    do {
      _ = try JSONDecoder().decode(AnyJSON.self, from: Data(spec.run.task.utf8))
    } catch {
      throw Failure(
        .permanent, code: "SCHEDULE_TASK_INVALID", "The task of schedule '\(name)' is no JSON.",
        hint: "Give one JSON value, such as --task '{\"days\": 7}'.", category: .invalid)
    }
    if spec.run.workflow == ScanTask.workflow, spec.run.scan == nil {
      throw Failure(
        .permanent, code: "SCHEDULE_TASK_INVALID", "The task of schedule '\(name)' names no folder to scan.",
        hint: "Give --scan DIR, which writes the task.", category: .invalid)
    }
    let next = Self.times(timing, rules, after: now, count: times)
    guard !next.isEmpty else {
      throw Failure(
        .permanent, code: "SCHEDULE_PAST", "\(timing) has passed: it would never run.",
        hint: "Give a time that is to come; it is \(now) now.", category: .invalid, reason: .timePassed)
    }
    return next
  }

  /// - Throws: as ``check(_:_:times:)``, and `SCHEDULE_EXISTS`, `INDEX_NOT_FOUND`.
  package func add(_ name: String, _ spec: ScheduleSpec) async throws -> ScheduleReport {
    _ = try check(name, spec)
    try await store.addSchedule(name, spec, actor: actor.description)
    return try await show(name)
  }

  /// Checks that no schedule has the name. The store checks it again when it adds one.
  /// - Throws: `SCHEDULE_EXISTS`.
  package func requireFree(_ name: String) async throws {
    guard let record = try await store.schedules().first(where: { $0.name == name }) else { return }
    throw Failure.scheduleExists(name, isLive: record.origin == .live)
  }

  package func remove(_ name: String) async throws { try await store.removeSchedule(name, actor: actor.description) }
  package func pause(_ name: String) async throws -> Bool {
    try await store.pauseSchedule(name, actor: actor.description)
  }
  package func resume(_ name: String) async throws -> Bool {
    try await store.resumeSchedule(name, actor: actor.description)
  }

  /// - Parameter workflow: of the name that the schedule runs.
  package func run(
    _ name: String, workflow: (String) throws -> PinnedWorkflow
  ) async throws -> ScheduleRunNow {
    let record = try await store.schedule(name)
    return try await store.runSchedule(name, workflow: try workflow(record.spec.run.workflow), actor: actor.description)
  }

  package func list() async throws -> [ScheduleReport] { try await store.schedules().map { report($0, times: 1) } }

  package func show(_ name: String) async throws -> ScheduleReport {
    report(try await store.schedule(name), times: 5)
  }

  /// Takes over what the configuration says.
  /// - Returns: how many schedules changed.
  package func configure(_ schedules: [String: ScheduleSpec]) async throws -> Int {
    try await store.configureSchedules(schedules, actor: Actor(.configuration).description)
  }

  private func report(_ record: ScheduleRecord, times: Int) -> ScheduleReport {
    let next =
      record.isPaused
      ? []
      : (try? Self.times(
        record.timing(), zones.rules(of: record.spec.zone), after: max(record.last, clock.now), count: times)) ?? []
    return ScheduleReport(record, next: next)
  }

  private static func times(
    _ timing: ScheduleTiming, _ rules: TimeZoneRules, after time: Timestamp, count: Int
  ) -> [Timestamp] {
    var times: [Timestamp] = []
    var last = time
    while times.count < count, let next = timing.next(after: last, in: rules) {
      times.append(next)
      last = next
    }
    return times
  }
}

/// Any JSON value, to see whether a text is one.
private struct AnyJSON: Decodable {
  init(from decoder: any Decoder) throws {
    if var list = try? decoder.unkeyedContainer() {
      while !list.isAtEnd { _ = try list.decode(AnyJSON.self) }
    } else if let map = try? decoder.container(keyedBy: AnyKey.self) {
      for key in map.allKeys { _ = try map.decode(AnyJSON.self, forKey: key) }
    }
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int?

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension ScheduledRun {
  /// A tick that scans a folder.
  package init(scan task: ScanTask) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(
      workflow: ScanTask.workflow, task: String(decoding: try encoder.encode(task), as: UTF8.self), index: task.index,
      source: task.source, priority: task.priority)
  }

  /// The folder that it scans, where it is a scan.
  package var scan: ScanTask? {
    workflow == ScanTask.workflow ? try? JSONDecoder().decode(ScanTask.self, from: Data(task.utf8)) : nil
  }
}
