/// The store operations on schedules. One method is one transaction, durable when it returns.
package protocol ScheduleStore: Sendable {
  /// Returns all schedules, ordered by name.
  func schedules() async throws -> [ScheduleRecord]
  /// - Throws: `SCHEDULE_NOT_FOUND` with the nearest name.
  func schedule(_ name: String) async throws -> ScheduleRecord
  /// Adds a live schedule, which ticks from now on.
  /// - Throws: `SCHEDULE_EXISTS`, `INDEX_NOT_FOUND`.
  func addSchedule(_ name: String, _ spec: ScheduleSpec, actor: String) async throws
  /// Removes a schedule; its runs continue. - Throws: `SCHEDULE_NOT_FOUND`; `SCHEDULE_CONFIGURED` for one that the
  /// configuration would add again.
  func removeSchedule(_ name: String, actor: String) async throws
  /// Pauses a schedule. - Returns: false if it was paused before. - Throws: `SCHEDULE_NOT_FOUND`.
  func pauseSchedule(_ name: String, actor: String) async throws -> Bool
  /// Resumes a schedule. Ticks that passed while it was paused do not fire.
  /// - Returns: whether it was paused. - Throws: `SCHEDULE_NOT_FOUND`.
  func resumeSchedule(_ name: String, actor: String) async throws -> Bool
  /// Applies the configuration: its schedules replace those of the previous configuration; live schedules stay, and win
  /// over a configured one of the same name.
  /// - Returns: how many schedules were added, changed or removed.
  @discardableResult
  func configureSchedules(_ schedules: [String: ScheduleSpec], actor: String) async throws -> Int

  /// Returns the schedules that are due now, and when the next one is.
  func dueSchedules(limit: Int) async throws -> (due: [ScheduleRecord], next: Timestamp?)
  /// Carries out a decision made from a record, unless the schedule was changed or fired since.
  /// - Returns: nil if it was.
  func fire(_ firing: ScheduleFiring) async throws -> ScheduleFired?
  /// Starts a run outside the ticks, by the same overlap policy. Works on a paused schedule too.
  /// - Throws: `SCHEDULE_NOT_FOUND`; `SCHEDULE_BUSY` where the policy is `skip` and a run is under way.
  func runSchedule(_ name: String, workflow: PinnedWorkflow, actor: String) async throws -> ScheduleRunNow
}

/// A schedule and its current state.
package struct ScheduleRecord: Hashable, Sendable {
  package var name: String
  package var spec: ScheduleSpec
  package var origin: Origin
  package var isPaused: Bool
  /// Grows with every change. A decision made from an older version is void.
  package var version: Int64
  /// When intervals begin.
  package var createdAt: Timestamp
  /// The last tick that was handled; at first, when the schedule was created.
  package var last: Timestamp
  /// When to decide again; nil when the schedule has no further ticks.
  package var next: Timestamp?
  /// The tick that waits for the previous run to end.
  package var queued: Timestamp?
  /// Runs that have not ended.
  package var running: Int
  package var fired: Int
  package var skipped: Int
  /// The first tick of the last period in which no worker could fire in time.
  package var missed: Timestamp?
  package var lastFiredAt: Timestamp?
  package var lastJob: JobID?
  /// Nil once the job has been purged.
  package var lastState: JobState?
  /// Why the last tick could start nothing; nil after a tick that could.
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

/// A decision about a schedule, to be carried out now.
package struct ScheduleFiring: Sendable {
  package var name: String
  /// The version of the record that the decision was made from.
  package var version: Int64
  /// Oldest first.
  package var ticks: [ScheduleDecision.Tick]
  package var last: Timestamp
  package var missed: Timestamp?
  package var next: Timestamp?
  /// The workflow that the ticks run; nil if nothing starts; ``failure`` may say why.
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

/// The result of a firing.
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
  /// The run starts when the previous one has ended.
  case queued
}

extension Failure {
  /// Returns the refusal to add a schedule under a name that is taken.
  /// - Parameter isLive: whether a command added the existing schedule; otherwise it is in the configuration.
  package static func scheduleExists(_ name: String, isLive: Bool) -> Failure {
    Failure(
      .permanent, code: "SCHEDULE_EXISTS", "A schedule '\(name)' already exists.",
      hint: isLive
        ? "Remove it first with \(Action(.scheduleRemove, name)), or choose another name."
        : "It is in the configuration: change it there, or choose another name.", category: .refused)
  }
}
