package import IngestCore

/// How a worker behaves. The defaults are DESIGN's.
package struct WorkerOptions: Sendable {
  /// Jobs at once, at least 1.
  package var concurrency: Int
  package var scope: WorkScope
  package var lease: Duration
  /// How often leases are renewed.
  package var heartbeat: Duration
  /// How long running steps may go on after ``Worker/stop()``.
  package var grace: Duration
  /// How long a step that was cancelled may take to end before it is left behind and its job goes on without it.
  package var patience: Duration
  /// The longest time without a look at the queue, should every wake be lost.
  package var poll: Duration
  /// End when nothing is left to do now or later.
  package var drains: Bool
  /// Between two rounds of ``Maintenance``.
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
  /// Nothing is left to do now or later.
  case drained
  /// Only jobs are left that need a person.
  case stuck(QueueOutlook)
}

/// What a worker tells whoever runs it.
package enum WorkerEvent: Sendable {
  case started(WorkerID)
  /// So many jobs at once.
  case claimed(Int)
  /// A run of a job ended, and its outcome is stored.
  case ended(JobID, JobOutcome)
  /// The store could not be asked; the worker goes on trying.
  case storeFailed(Failure)
  /// A job's end could not be stored; its lease runs out and another try follows.
  case outcomeLost(JobID, Failure)
  case leaseLost(JobID)
  /// A step did not heed its cancellation in time: its job went on without it, and what it still does is refused.
  case stepLeftBehind(JobID, step: String)
  /// A worker on this machine died, and so many jobs of its went back to the queue.
  case peerDied(WorkerID, jobs: Int)
  case maintenanceFailed(Failure)
  /// Ticks of a schedule led to jobs, or could not.
  case scheduleFired(String, ScheduleFired)
}

/// What a worker learns from outside of its store: signals that work became due or that somebody asked to cancel, and the
/// deaths of other workers.
package typealias WorkerSurroundings = WakeSignal & WorkerLiveness

/// Does what remains to be done once jobs have ended: all of it, or what is due and no other worker does now.
package typealias FollowUp = @Sendable (_ all: Bool) async throws -> Void

/// Work that any worker does now and then for all.
package protocol Maintenance: Sendable {
  func run() async throws
}
