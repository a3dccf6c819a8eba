package import IngestCore
package import IngestOperations

/// A schedule as `schedule list`, `show` and `add` print it.
package struct ScheduleResponse: Codable, Hashable, Sendable {
  package struct Scan: Codable, Hashable, Sendable {
    package var path: String
    package var sync: Bool
    package var workflow: String
    package var include: [String]
    package var exclude: [String]
  }

  package var schedule: String
  /// `active`, `paused` or `over`.
  package var state: String
  package var timing: String
  package var zone: String
  package var overlap: OverlapPolicy
  package var catchUpMs: Int64
  package var jitterMs: Int64
  package var workflow: String
  package var index: String?
  package var source: String
  package var priority: Int
  /// Nil for a schedule that scans no folder; that one has a task.
  package var scan: Scan?
  /// JSON.
  package var task: String?
  /// `configuration` or `live`.
  package var origin: String
  package var nextAt: Timestamp?
  /// The next times, without jitter; empty while the schedule is paused.
  package var next: [Timestamp]
  package var waitingSince: Timestamp?
  package var running: Int
  package var fired: Int
  package var skipped: Int
  package var missedAt: Timestamp?
  package var lastFiredAt: Timestamp?
  package var lastJob: JobID?
  package var lastState: JobState?
  package var error: ErrorBody?

  package init(_ report: ScheduleReport) {
    schedule = report.schedule
    state = report.state.rawValue
    timing = report.timing
    zone = report.zone
    overlap = report.overlap
    catchUpMs = report.catchUp.microseconds / 1000
    jitterMs = report.jitter.microseconds / 1000
    workflow = report.workflow
    index = report.index
    source = report.source
    priority = report.priority
    scan = report.scan.map {
      Scan(path: $0.path, sync: $0.sync, workflow: $0.workflow, include: $0.include, exclude: $0.exclude)
    }
    task = report.scan == nil ? report.task : nil
    origin = report.origin.rawValue
    nextAt = report.next.first
    next = report.next
    waitingSince = report.waiting
    running = report.running
    fired = report.fired
    skipped = report.skipped
    missedAt = report.missedAt
    lastFiredAt = report.lastFiredAt
    lastJob = report.lastJob
    lastState = report.lastState
    error = report.error.map(ErrorBody.init)
  }
}
