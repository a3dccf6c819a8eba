/// A worker's time-bounded right to a job. Every write carries it, and one whose fence is old changes nothing.
package struct Lease: Hashable, Sendable {
  /// The store's own key of the job.
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

/// A claimed job, with all that is needed to go on where it stopped.
package struct ClaimedJob: Sendable {
  package var lease: Lease
  /// The content hash of its definition.
  package var workflow: ContentHash
  package var task: String
  package var createdAt: Timestamp
  /// Past it the job ends `dead`.
  package var deadline: Timestamp?
  /// In the order of the workflow; steps that were never begun are missing.
  package var steps: [StepRecord]
  /// It was in flight at two deaths: nothing else may run in the process while it does.
  package var alone: Bool
  /// What ended the wait of the step that comes next.
  package var wake: Wake?
  /// What it dies of once its on-failure step has ended.
  package var fatal: FailedAttempt?
  /// When it was granted its start, by the boot clock in microseconds; nil when nothing limits it.
  package var grantedAt: Int64?
  /// The step whose own limits were granted with it.
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

/// What the store knows of one step of a job.
package struct StepRecord: Hashable, Sendable {
  package var id: String
  /// Failed attempts that were spent.
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

/// A finished step on its way into the store.
package struct Checkpoint: Sendable {
  package var step: String
  /// The step's place in its workflow, from 0.
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

/// A failed attempt on its way into the store.
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

/// What the runner decided; the store does it in one exhaustive switch.
package enum JobOutcome: Sendable {
  case completed
  case retry(FailedAttempt, after: Duration, spends: Bool, reason: QueuedReason)
  case dead(FailedAttempt)
  case cancelled
  /// The worker is stopping: back to the queue at once, nothing spent.
  case released
  /// Back to the queue, nothing spent, to start when the step's limits let it.
  case parked(StepGates)
  /// A step that is not done waits: its cursor is kept, and it is run again.
  case waits(StepWait, step: String, position: Int, cursor: String)
  /// Waits until the jobs of its scope that were queued before have ended; see ``StepOutput/gathers``.
  case gathers
}
