/// The definition of a schedule, as somebody wrote it: when it ticks, and what each tick runs.
package struct ScheduleSpec: Codable, Hashable, Sendable {
  /// The text that ``ScheduleTiming`` parses.
  package var timing: String
  /// The time zone of cron expressions, by its IANA name.
  package var zone: String
  package var overlap: OverlapPolicy
  /// How late a tick may fire if no worker could fire it in time.
  package var catchUp: Duration
  /// The largest delay added to each run's start.
  package var jitter: Duration
  package var run: ScheduledRun

  package init(
    timing: String, zone: String = "UTC", overlap: OverlapPolicy = .skip, catchUp: Duration = .seconds(3600),
    jitter: Duration = .zero, run: ScheduledRun
  ) {
    self.timing = timing
    self.zone = zone
    self.overlap = overlap
    self.catchUp = catchUp
    self.jitter = jitter
    self.run = run
  }
}

/// The job that a tick queues. It belongs to no document; if it names an index, it belongs to the generation that is
/// live when the tick fires.
package struct ScheduledRun: Codable, Hashable, Sendable {
  /// The workflow's name; the tick uses the version that exists when it fires.
  package var workflow: String
  /// JSON that its steps receive.
  package var task: String
  /// Nil for a job that belongs to no index.
  package var index: String?
  /// The source whose limits, weight and pauses apply to the job.
  package var source: String
  /// −100…100.
  package var priority: Int

  package init(
    workflow: String, task: String = "{}", index: String? = "docs", source: String = "default", priority: Int = 0
  ) {
    self.workflow = workflow
    self.task = task
    self.index = index
    self.source = source
    self.priority = priority
  }
}

/// A source of time zone rules, which are in system files that Core does not open.
package protocol TimeZoneSource: Sendable {
  /// Returns the rules of a zone.
  /// - Throws: ``PolicyError/correctTimeZone(problem:)`` for an unknown zone.
  func rules(of zone: String) throws -> TimeZoneRules
}
