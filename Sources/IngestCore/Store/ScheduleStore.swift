/// What schedules ask of the store. One method is one transaction, durable when it returns.
package protocol ScheduleStore: Sendable {
  /// All of them, by name.
  func schedules() async throws -> [ScheduleRecord]
  /// - Throws: `SCHEDULE_NOT_FOUND` with the nearest name.
  func schedule(_ name: String) async throws -> ScheduleRecord
  /// A live schedule, which ticks from now on.
  /// - Throws: `SCHEDULE_EXISTS`, `INDEX_NOT_FOUND`.
  func addSchedule(_ name: String, _ spec: ScheduleSpec, actor: String) async throws
  /// Its runs that are under way go on. - Throws: `SCHEDULE_NOT_FOUND`; `SCHEDULE_CONFIGURED` for one that the configuration
  /// would bring back.
  func removeSchedule(_ name: String, actor: String) async throws
  /// - Returns: whether it was not paused before. - Throws: `SCHEDULE_NOT_FOUND`.
  func pauseSchedule(_ name: String, actor: String) async throws -> Bool
  /// Ticks that passed meanwhile are not fired.
  /// - Returns: whether it was paused. - Throws: `SCHEDULE_NOT_FOUND`.
  func resumeSchedule(_ name: String, actor: String) async throws -> Bool
  /// Takes over what the configuration says: its schedules replace the former configuration's, live ones stay and win.
  /// - Returns: how many were added, changed or removed.
  @discardableResult
  func configureSchedules(_ schedules: [String: ScheduleSpec], actor: String) async throws -> Int

  /// Those to decide about now, and when the next one is.
  func dueSchedules(limit: Int) async throws -> (due: [ScheduleRecord], next: Timestamp?)
  /// Does what was decided from a record, if nobody has changed or fired it since.
  /// - Returns: nil if somebody has.
  func fire(_ firing: ScheduleFiring) async throws -> ScheduleFired?
  /// Starts a run besides the ticks, by the same overlap policy, paused or not.
  /// - Throws: `SCHEDULE_NOT_FOUND`; `SCHEDULE_BUSY` where the policy is to skip and a run is under way.
  func runSchedule(_ name: String, workflow: PinnedWorkflow, actor: String) async throws -> ScheduleRunNow
}

/// A schedule as it stands.
package struct ScheduleRecord: Hashable, Sendable {
  package var name: String
  package var spec: ScheduleSpec
  package var origin: Origin
  package var isPaused: Bool
  /// Grows with every change: what was decided from an older one is void.
  package var version: Int64
  /// Where intervals begin.
  package var createdAt: Timestamp
  /// The last tick that was handled, or the schedule's creation.
  package var last: Timestamp
  /// When to decide again; nil when it is over.
  package var next: Timestamp?
  /// The tick that waits for the run before it.
  package var queued: Timestamp?
  /// Runs that have not ended.
  package var running: Int
  package var fired: Int
  package var skipped: Int
  /// The first tick of the last stretch that nobody could fire in time.
  package var missed: Timestamp?
  package var lastFiredAt: Timestamp?
  package var lastJob: JobID?
  /// Nil once the job is purged.
  package var lastState: JobState?
  /// Why the last tick could not start anything; nil once one could.
  package var error: Failure?

  package init(
    name: String, spec: ScheduleSpec, origin: Origin, isPaused: Bool, version: Int64, createdAt: Timestamp,
    last: Timestamp, next: Timestamp?, queued: Timestamp?, running: Int, fired: Int, skipped: Int, missed: Timestamp?,
    lastFiredAt: Timestamp?, lastJob: JobID?, lastState: JobState?, error: Failure?
  ) {
    self.name = name
    self.spec = spec
    self.origin = origin
    self.isPaused = isPaused
    self.version = version
    self.createdAt = createdAt
    self.last = last
    self.next = next
    self.queued = queued
    self.running = running
    self.fired = fired
    self.skipped = skipped
    self.missed = missed
    self.lastFiredAt = lastFiredAt
    self.lastJob = lastJob
    self.lastState = lastState
    self.error = error
  }

  package func timing() throws(PolicyError) -> ScheduleTiming {
    try ScheduleTiming(spec.timing, from: createdAt)
  }
}

/// What to do about a schedule now.
package struct ScheduleFiring: Sendable {
  package var name: String
  /// Of the record that this was decided from.
  package var version: Int64
  /// Oldest first.
  package var ticks: [ScheduleDecision.Tick]
  package var last: Timestamp
  package var missed: Timestamp?
  package var next: Timestamp?
  /// What the ticks run; nil where nothing is to start or ``failure`` says why nothing can.
  package var workflow: PinnedWorkflow?
  package var failure: Failure?

  package init(
    name: String, version: Int64, ticks: [ScheduleDecision.Tick], last: Timestamp, missed: Timestamp?,
    next: Timestamp?, workflow: PinnedWorkflow?, failure: Failure?
  ) {
    self.name = name
    self.version = version
    self.ticks = ticks
    self.last = last
    self.missed = missed
    self.next = next
    self.workflow = workflow
    self.failure = failure
  }
}

/// What a firing led to.
package struct ScheduleFired: Hashable, Sendable {
  package var started: [JobID]
  package var skipped: Int
  package var failure: Failure?

  package init(started: [JobID] = [], skipped: Int = 0, failure: Failure? = nil) {
    self.started = started
    self.skipped = skipped
    self.failure = failure
  }
}

package enum ScheduleRunNow: Hashable, Sendable {
  case started(JobID)
  /// It starts when the run before it has ended.
  case queued
}

extension Failure {
  /// The refusal to add a schedule under a name that is taken.
  /// - Parameter isLive: whether the schedule of this name was added by a command; else the configuration has it.
  package static func scheduleExists(_ name: String, isLive: Bool) -> Failure {
    Failure(
      .permanent, code: "SCHEDULE_EXISTS", "There is a schedule '\(name)' already.",
      hint: isLive
        ? "Remove it first: \(Action(.scheduleRemove, name)); or choose another name."
        : "It stands in the configuration: change it there, or choose another name.", category: .refused)
  }
}
