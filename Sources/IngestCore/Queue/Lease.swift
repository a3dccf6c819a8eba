/// A worker's time-bounded right to a job. Every write carries it; a write with an old fence changes nothing.
package struct Lease: Hashable, Sendable {
  /// The job's key in the store.
  package var key: Int64
  package var job: JobID
  package var worker: WorkerID
  /// Grows with every claim of the job.
  package var fence: Int64

  package init(key: Int64, job: JobID, worker: WorkerID, fence: Int64) {
    self.key = key
    self.job = job
    self.worker = worker
    self.fence = fence
  }
}

/// A claimed job, with everything that a worker needs to resume it.
package struct ClaimedJob: Sendable {
  package var lease: Lease
  /// The content hash of the workflow definition.
  package var workflow: ContentHash
  package var task: String
  package var createdAt: Timestamp
  /// When this time passes, the job ends `dead`.
  package var deadline: Timestamp?
  /// The steps that were begun, in the order of the workflow.
  package var steps: [StepRecord]
  /// Whether the job must run alone in its process, because it was in flight at two deaths of workers.
  package var alone: Bool
  /// The event that ended the wait of the next step.
  package var wake: Wake?
  /// The failure that makes it a dead letter once its on-failure step has ended.
  package var fatal: FailedAttempt?
  /// When its start was granted, in microseconds of the boot clock; nil when no limit applies.
  package var grantedAt: Int64?
  /// The step whose own limits were granted together with the job's start.
  package var admittedStep: String?

  package init(
    lease: Lease, workflow: ContentHash, task: String, createdAt: Timestamp, deadline: Timestamp? = nil,
    steps: [StepRecord], alone: Bool, wake: Wake? = nil, fatal: FailedAttempt? = nil, grantedAt: Int64? = nil,
    admittedStep: String? = nil
  ) {
    self.lease = lease
    self.workflow = workflow
    self.task = task
    self.createdAt = createdAt
    self.deadline = deadline
    self.steps = steps
    self.alone = alone
    self.wake = wake
    self.fatal = fatal
    self.grantedAt = grantedAt
    self.admittedStep = admittedStep
  }
}

/// The stored state of one step of a job.
package struct StepRecord: Hashable, Sendable {
  package var id: String
  /// Failed attempts that count towards the retry policy's limit.
  package var attempts: Int
  /// The checkpoint, once stored.
  package var result: String?
  package var cursor: String?
  package var degraded: Bool

  package init(id: String, attempts: Int, result: String?, cursor: String?, degraded: Bool = false) {
    self.id = id
    self.attempts = attempts
    self.result = result
    self.cursor = cursor
    self.degraded = degraded
  }
}

/// A finished step, to be stored.
package struct Checkpoint: Sendable {
  package var step: String
  /// The step's position in its workflow, from 0.
  package var position: Int
  package var output: StepOutput
  package var startedAt: Timestamp
  package var finishedAt: Timestamp

  package init(step: String, position: Int, output: StepOutput, startedAt: Timestamp, finishedAt: Timestamp) {
    self.step = step
    self.position = position
    self.output = output
    self.startedAt = startedAt
    self.finishedAt = finishedAt
  }
}

/// A failed attempt, to be stored.
package struct FailedAttempt: Sendable, Codable, Hashable {
  package var position: Int
  package var failure: Failure
  package var startedAt: Timestamp
  package var finishedAt: Timestamp

  package init(position: Int, failure: Failure, startedAt: Timestamp, finishedAt: Timestamp) {
    self.position = position
    self.failure = failure
    self.startedAt = startedAt
    self.finishedAt = finishedAt
  }
}

/// The runner's decision about a job, which the store carries out in one exhaustive switch.
package enum JobOutcome: Sendable {
  case completed
  case retry(FailedAttempt, after: Duration, spends: Bool, reason: QueuedReason)
  case dead(FailedAttempt)
  case cancelled
  /// The worker is stopping: the job returns to the queue at once and no attempt is spent.
  case released
  /// The job returns to the queue, no attempt is spent, and it starts when the step's limits let it.
  case parked(StepGates)
  /// The step has to wait before it is done: the store keeps its cursor, and the step runs again after the wait.
  case waits(StepWait, step: String, position: Int, cursor: String)
  /// The job waits until all jobs that were queued before it in its scope have ended; see ``StepOutput/gathers``.
  case gathers
}
