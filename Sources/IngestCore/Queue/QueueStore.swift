/// The store operations that a worker calls. One method is one state transition and one transaction, durable when it
/// returns.
package protocol QueueStore: Sendable {
  /// Registers the worker, so that others can notice its death.
  func register(_ worker: WorkerRegistration) async throws
  /// Removes the worker. It must have released its leases.
  func deregister(_ worker: WorkerID) async throws
  /// Returns the other workers, whose deaths the caller watches for.
  func peers(of worker: WorkerID) async throws -> [WorkerRegistration]

  /// Claims jobs that can start now, best first: due jobs, jobs whose lease has expired, and jobs of every lane in
  /// turn.
  func claim(_ request: ClaimRequest) async throws -> ClaimResult
  /// Renews all leases of the worker.
  func renew(_ worker: WorkerID, leases: [Lease], for duration: Duration) async throws -> LeaseReport
  /// Returns the leases of those jobs of the worker that somebody asked to cancel.
  func cancellations(_ worker: WorkerID) async throws -> [Lease]
  /// Stores a step's result. - Throws: ``LeaseLost``.
  func checkpoint(_ lease: Lease, _ checkpoint: Checkpoint) async throws
  /// Stores the progress of a running step. - Throws: ``LeaseLost``.
  func save(_ lease: Lease, step: String, position: Int, _ save: StepSave) async throws
  /// Takes all limits for the start of a step in one transaction, or none. Needed only for a workflow that sets some,
  /// or where limits count step starts. - Throws: ``LeaseLost``.
  func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission
  /// Whether any limit counts the starts of steps, as far as this process knows. Costs no I/O.
  var limitsSteps: Bool { get }
  /// Stores the failure that makes the job a dead letter once its on-failure step has ended. - Throws: ``LeaseLost``.
  func markFailing(_ lease: Lease, _ fatal: FailedAttempt) async throws
  /// Ends the run, and stores the last step's checkpoint if there is one. - Throws: ``LeaseLost``.
  func finish(_ lease: Lease, _ outcome: JobOutcome, last: Checkpoint?) async throws
  /// Returns the jobs of a dead worker to the queue.
  /// - Returns: the number of jobs.
  func reclaim(dead worker: WorkerID) async throws -> Int
  /// Returns the work that is left for a worker that drains.
  func outlook(_ scope: WorkScope) async throws -> QueueOutlook
  /// Returns the definition that a job is pinned to.
  func workflow(_ version: ContentHash) async throws -> WorkflowDefinition?
}

/// The error of a write that changed no row, because another worker has claimed the job or the job has ended. The
/// caller stops and writes nothing more.
package struct LeaseLost: Error, Sendable {
  package init() {}
}

/// The jobs that a worker claims; an empty list means all.
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
  /// How others can check that the worker lives.
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
  /// The largest number of jobs.
  package var limit: Int
  package var scope: WorkScope
  package var lease: Duration
  /// Whether the worker runs no job. Only then may it claim a job that must run alone.
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
  /// The time until the next queued job is due or the next lease expires, if any.
  package var nextDue: Duration?
  /// Whether a job waits for a worker that runs nothing else.
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

/// The work that is left, for `worker --drain`.
package struct QueueOutlook: Hashable, Sendable {
  /// Queued jobs that will start without a person's help.
  package var queued: Int
  package var running: Int
  package var waiting: Int
  /// Queued jobs that need a person: a resume, or quota.
  package var stuck: Int

  package init(queued: Int, running: Int, waiting: Int, stuck: Int) {
    self.queued = queued
    self.running = running
    self.waiting = waiting
    self.stuck = stuck
  }
}
