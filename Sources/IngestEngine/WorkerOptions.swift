package import IngestCore

/// The options of a worker. The defaults are those in `DESIGN.md`.
package struct WorkerOptions: Sendable {
  /// The number of jobs at once, at least 1.
  package var concurrency: Int
  package var scope: WorkScope
  package var lease: Duration
  /// The interval at which leases are renewed.
  package var heartbeat: Duration
  /// How long running steps may continue after ``Worker/stop()``.
  package var grace: Duration
  /// The time that a cancelled step has to end before the worker leaves it behind and continues the job without it.
  package var patience: Duration
  /// The longest time between two queries of the queue, in case every wake signal is lost.
  package var poll: Duration
  /// Whether the worker ends when no jobs are left to run now or later.
  package var drains: Bool
  /// The time between two rounds of ``Maintenance``.
  package var maintenanceInterval: Duration

  package init(
    concurrency: Int = 8, scope: WorkScope = WorkScope(), lease: Duration = .seconds(30),
    heartbeat: Duration = .seconds(10), grace: Duration = .seconds(15), patience: Duration = .seconds(10),
    poll: Duration = .seconds(1), drains: Bool = false, maintenanceInterval: Duration = .seconds(600)
  ) {
    self.concurrency = concurrency
    self.scope = scope
    self.lease = lease
    self.heartbeat = heartbeat
    self.grace = grace
    self.patience = patience
    self.poll = poll
    self.drains = drains
    self.maintenanceInterval = maintenanceInterval
  }
}

/// How a worker's run ended.
package enum WorkerEnd: Hashable, Sendable {
  case stopped
  /// No jobs are left to run now or later.
  case drained
  /// Only jobs that need a person are left.
  case stuck(QueueOutlook)
}

/// An event that a worker reports to its caller.
package enum WorkerEvent: Sendable {
  case started(WorkerID)
  /// One claim returned this number of jobs.
  case claimed(Int)
  /// A run of a job ended, and its outcome is stored.
  case ended(JobID, JobOutcome)
  /// A call of the store failed; the worker keeps trying.
  case storeFailed(Failure)
  /// A job's outcome could not be stored. Its lease runs out, then another run follows.
  case outcomeLost(JobID, Failure)
  case leaseLost(JobID)
  /// A step ignored its cancellation for too long. Its job continued without it, and the store refuses its later
  /// writes.
  case stepLeftBehind(JobID, step: String)
  /// A worker on this machine died, and this number of its jobs returned to the queue.
  case peerDied(WorkerID, jobs: Int)
  case maintenanceFailed(Failure)
  /// Ticks of a schedule started jobs or failed to start them.
  case scheduleFired(String, ScheduleFired)
}

/// The events that a worker receives from outside its store: wake signals, which say that work is due or that a job was
/// cancelled, and the deaths of other workers.
package typealias WorkerSurroundings = WakeSignal & WorkerLiveness

/// Does the work that remains after jobs have ended. `all` means all of it; otherwise only the work that is due and
/// that no other worker does now.
package typealias FollowUp = @Sendable (_ all: Bool) async throws -> Void

/// Periodic work that any worker does on behalf of all.
package protocol Maintenance: Sendable {
  func run() async throws
}
