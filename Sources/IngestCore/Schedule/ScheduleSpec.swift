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

/// What a tick queues: one job that belongs to no document, bound to the generation that is live then.
package struct ScheduledRun: Codable, Hashable, Sendable {
  /// The workflow as it is when the tick fires.
  package var workflow: String
  /// JSON, as its steps are given it.
  package var task: String
  package var index: String
  /// The source that its limits, weight and pauses are those of.
  package var source: String
  /// −100…100.
  package var priority: Int

  package init(
    workflow: String, task: String = "{}", index: String = "docs", source: String = "default", priority: Int = 0
  ) {
    self.workflow = workflow
    self.task = task
    self.index = index
    self.source = source
    self.priority = priority
  }
}

/// What a `scan` job does: JSON, as the task of a job.
package struct ScanTask: Codable, Hashable, Sendable {
  /// The folder, absolute.
  package var path: String
  /// Whether documents whose file vanished are deleted.
  package var sync: Bool
  package var index: String
  package var source: String
  /// What the documents' own jobs run.
  package var workflow: String
  package var priority: Int
  /// Globs as `submit` takes them.
  package var include: [String]
  package var exclude: [String]
  /// Whether a folder without any document was emptied on purpose; otherwise its disk may not be mounted, and nothing is
  /// deleted.
  package var allowEmpty: Bool

  package init(
    path: String, sync: Bool = false, index: String = "docs", source: String = "default", workflow: String = "ingest",
    priority: Int = 0, include: [String] = [], exclude: [String] = [], allowEmpty: Bool = false
  ) {
    self.path = path
    self.sync = sync
    self.index = index
    self.source = source
    self.workflow = workflow
    self.priority = priority
    self.include = include
    self.exclude = exclude
    self.allowEmpty = allowEmpty
  }

  /// The workflow with the one step that does it.
  package static let workflow = "scan"
}

/// Where the rules of time zones come from: files of the system, which Core does not open.
package protocol TimeZoneSource: Sendable {
  /// - Throws: ``PolicyError/correctTimeZone(problem:)`` for a zone that is not there.
  func rules(of zone: String) throws -> TimeZoneRules
}
