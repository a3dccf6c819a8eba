package import IngestCore

/// A schedule, its next times and its last run.
package struct ScheduleReport: Sendable {
  package enum State: String, Sendable {
    case active, paused
    /// The schedule's only time has passed.
    case over
  }

  package var schedule: String
  package var state: State
  package var timing: String
  package var zone: String
  package var overlap: OverlapPolicy
  package var catchUp: Duration
  package var jitter: Duration
  package var workflow: String
  package var index: String?
  package var source: String
  package var priority: Int
  package var scan: ScanTask?
  package var task: String
  package var origin: Origin
  /// The next times, without jitter; empty while the schedule is paused.
  package var next: [Timestamp]
  /// The tick that waits for the run before it.
  package var waiting: Timestamp?
  package var running: Int
  package var fired: Int
  package var skipped: Int
  package var missedAt: Timestamp?
  package var lastFiredAt: Timestamp?
  package var lastJob: JobID?
  package var lastState: JobState?
  package var error: Failure?

  package init(_ record: ScheduleRecord, next: [Timestamp]) {
    schedule = record.name
    state = record.isPaused ? .paused : next.isEmpty ? .over : .active
    timing = record.spec.timing
    zone = record.spec.zone
    overlap = record.spec.overlap
    catchUp = record.spec.catchUp
    jitter = record.spec.jitter
    workflow = record.spec.run.workflow
    index = record.spec.run.index
    source = record.spec.run.source
    priority = record.spec.run.priority
    scan = record.spec.run.scan
    task = record.spec.run.task
    origin = record.origin
    self.next = next
    waiting = record.queued
    running = record.running
    fired = record.fired
    skipped = record.skipped
    missedAt = record.missed
    lastFiredAt = record.lastFiredAt
    lastJob = record.lastJob
    lastState = record.lastState
    error = record.error
  }
}
