package import IngestCore

/// A schedule as it is shown.
package struct ScheduleReport: Encodable, Sendable {
  package enum State: String, Encodable, Sendable {
    case active, paused
    /// Its only time has passed.
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
  /// The next times, without jitter; empty while it is paused.
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

  init(_ record: ScheduleRecord, next: [Timestamp]) {
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

  private enum Key: String, CodingKey {
    case schedule, state, timing, zone, overlap, workflow, index, source, priority, scan, task, origin, next, running
    case fired, skipped, error
    case catchUp = "catch_up_ms"
    case jitter = "jitter_ms"
    case nextAt = "next_at"
    case waiting = "waiting_since"
    case missedAt = "missed_at"
    case lastFiredAt = "last_fired_at"
    case lastJob = "last_job"
    case lastState = "last_state"
  }

  private enum ScanKey: String, CodingKey {
    case path, sync, workflow, include, exclude
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(schedule, forKey: .schedule)
    try values.encode(state, forKey: .state)
    try values.encode(timing, forKey: .timing)
    try values.encode(zone, forKey: .zone)
    try values.encode(overlap, forKey: .overlap)
    try values.encode(catchUp.microseconds / 1000, forKey: .catchUp)
    try values.encode(jitter.microseconds / 1000, forKey: .jitter)
    try values.encode(workflow, forKey: .workflow)
    try values.encodeIfPresent(index, forKey: .index)
    try values.encode(source, forKey: .source)
    try values.encode(priority, forKey: .priority)
    if let scan {
      var nested = values.nestedContainer(keyedBy: ScanKey.self, forKey: .scan)
      try nested.encode(scan.path, forKey: .path)
      try nested.encode(scan.sync, forKey: .sync)
      try nested.encode(scan.workflow, forKey: .workflow)
      try nested.encode(scan.include, forKey: .include)
      try nested.encode(scan.exclude, forKey: .exclude)
    } else {
      try values.encode(task, forKey: .task)
    }
    try values.encode(origin, forKey: .origin)
    try values.encodeIfPresent(next.first, forKey: .nextAt)
    try values.encode(next, forKey: .next)
    try values.encodeIfPresent(waiting, forKey: .waiting)
    try values.encode(running, forKey: .running)
    try values.encode(fired, forKey: .fired)
    try values.encode(skipped, forKey: .skipped)
    try values.encodeIfPresent(missedAt, forKey: .missedAt)
    try values.encodeIfPresent(lastFiredAt, forKey: .lastFiredAt)
    try values.encodeIfPresent(lastJob, forKey: .lastJob)
    try values.encodeIfPresent(lastState, forKey: .lastState)
    try values.encodeIfPresent(error, forKey: .error)
  }
}
