/// When a schedule ticks and what each tick runs, as somebody wrote it.
package struct ScheduleSpec: Codable, Hashable, Sendable {
  /// As ``ScheduleTiming`` reads it.
  package var timing: String
  /// The time zone that cron expressions are read in, by its IANA name.
  package var zone: String
  package var overlap: OverlapPolicy
  /// A tick that nobody could fire in time is fired late by at most this.
  package var catchUp: Duration
  /// Up to this is added to each run's start.
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

/// What a tick queues: one job that belongs to no document, bound to the generation that is live then, if it names an index.
package struct ScheduledRun: Codable, Hashable, Sendable {
  /// The workflow as it is when the tick fires.
  package var workflow: String
  /// JSON, as its steps are given it.
  package var task: String
  /// Nil for a job that belongs to no index.
  package var index: String?
  /// The source that its limits, weight and pauses are those of.
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

/// Where the rules of time zones come from: files of the system, which Core does not open.
package protocol TimeZoneSource: Sendable {
  /// - Throws: ``PolicyError/correctTimeZone(problem:)`` for a zone that is not there.
  func rules(of zone: String) throws -> TimeZoneRules
}
