/// What a worker asks of the store. One method is one state transition is one transaction, durable when it returns.
package protocol QueueStore: Sendable {
  /// Makes the worker known, so that its death can be noticed.
  func register(_ worker: WorkerRegistration) async throws
  /// Takes the worker off; its leases must have been given back.
  func deregister(_ worker: WorkerID) async throws
  /// The other workers, for whoever watches for their death.
  func peers(of worker: WorkerID) async throws -> [WorkerRegistration]

  /// Takes what can start now, best first: due jobs, jobs whose lease ran out, waiting jobs of every lane in turn.
  func claim(_ request: ClaimRequest) async throws -> ClaimResult
  /// Renews all leases of the worker.
  func renew(_ worker: WorkerID, leases: [Lease], for duration: Duration) async throws -> LeaseReport
  /// Which of the worker's jobs somebody asked to cancel.
  func cancellations(_ worker: WorkerID) async throws -> [Lease]
  /// Stores a step's result. - Throws: ``LeaseLost``.
  func checkpoint(_ lease: Lease, _ checkpoint: Checkpoint) async throws
  /// Stores the work of a step in flight. - Throws: ``LeaseLost``.
  func save(_ lease: Lease, step: String, position: Int, _ save: StepSave) async throws
  /// Takes all limits of a step's start in one transaction, or none. Only for a workflow that sets some, or where limits
  /// count step starts. - Throws: ``LeaseLost``.
  func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission
  /// Whether any limit counts the starts of steps, as far as this process has seen; costs no I/O.
  var limitsSteps: Bool { get }
  /// Notes what the job dies of once its on-failure step has ended. - Throws: ``LeaseLost``.
  func markFailing(_ lease: Lease, _ fatal: FailedAttempt) async throws
  /// Ends the run, with the last step's checkpoint where it has one. - Throws: ``LeaseLost``.
  func finish(_ lease: Lease, _ outcome: JobOutcome, last: Checkpoint?) async throws
  /// Gives the jobs of a worker that is known to be dead back to the queue.
  /// - Returns: how many.
  func reclaim(dead worker: WorkerID) async throws -> Int
  /// What is left for a worker that drains.
  func outlook(_ scope: WorkScope) async throws -> QueueOutlook
  /// The definition that a job was pinned to.
  func workflow(_ version: ContentHash) async throws -> WorkflowDefinition?
}

/// Zero rows changed: another worker has the job now, or it has ended. Stop, and write nothing more.
package struct LeaseLost: Error, Sendable {
  package init() {}
}

/// Which jobs a worker takes; empty means all.
package struct WorkScope: Hashable, Sendable {
  package var sources: [String]
  /// Names of groups of jobs, such as all jobs of one index. The code that queues the jobs defines them.
  package var scopes: [String]

  package init(sources: [String] = [], scopes: [String] = []) {
    self.sources = sources
    self.scopes = scopes
  }

  /// Whether every job is in scope.
  package var isEverything: Bool { sources.isEmpty && scopes.isEmpty }
}

package struct WorkerRegistration: Hashable, Sendable {
  package var id: WorkerID
  package var process: Int32
  package var host: String
  package var bootID: String
  /// How others see that the worker lives.
  package var liveness: LivenessToken
  package var concurrency: Int

  package init(
    id: WorkerID, process: Int32, host: String, bootID: String, liveness: LivenessToken, concurrency: Int
  ) {
    self.id = id
    self.process = process
    self.host = host
    self.bootID = bootID
    self.liveness = liveness
    self.concurrency = concurrency
  }
}

package struct ClaimRequest: Sendable {
  package var worker: WorkerID
  /// How many at most.
  package var limit: Int
  package var scope: WorkScope
  package var lease: Duration
  /// Whether the worker runs nothing: only then may it take a job that must run alone.
  package var idle: Bool

  package init(worker: WorkerID, limit: Int, scope: WorkScope, lease: Duration, idle: Bool) {
    self.worker = worker
    self.limit = limit
    self.scope = scope
    self.lease = lease
    self.idle = idle
  }
}

package struct ClaimResult: Sendable {
  package var jobs: [ClaimedJob]
  /// When the next queued job is due or the next lease ends, if any.
  package var nextDue: Duration?
  /// A job waits for a worker that runs nothing else.
  package var aloneWaiting: Bool

  package init(jobs: [ClaimedJob], nextDue: Duration?, aloneWaiting: Bool) {
    self.jobs = jobs
    self.nextDue = nextDue
    self.aloneWaiting = aloneWaiting
  }
}

package struct LeaseReport: Sendable {
  package var lost: [Lease]
  package var cancelled: [Lease]

  package init(lost: [Lease], cancelled: [Lease]) {
    self.lost = lost
    self.cancelled = cancelled
  }
}

/// What is left to do, for `worker --drain`.
package struct QueueOutlook: Hashable, Sendable {
  /// Queued, and will start without anybody's help.
  package var queued: Int
  package var running: Int
  package var waiting: Int
  /// Queued, but needs a person: a resume, or quota.
  package var stuck: Int

  package init(queued: Int, running: Int, waiting: Int, stuck: Int) {
    self.queued = queued
    self.running = running
    self.waiting = waiting
    self.stuck = stuck
  }
}
