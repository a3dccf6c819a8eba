/// A check whether workers live, in addition to their leases. A death that is noticed returns the worker's jobs to the
/// queue at once, not only when the lease expires.
///
/// A worker that lives may still make no progress (it may be stopped), so for a live worker the lease decides. On one
/// machine a worker holds a lock on a file; with PostgreSQL it holds an advisory lock of its session.
package protocol WorkerLiveness: Sendable {
  /// Makes visible that a worker lives, until the worker is released or its process ends in any way.
  /// - Throws: `WORKER_LOCK` where another worker uses this name.
  func announce(_ worker: WorkerID) throws -> any WorkerPresence
  /// Returns whether the worker that announced this token lives.
  /// - Returns: nil if this process cannot find out.
  func isAlive(_ token: LivenessToken) -> Bool?
  /// Waits for the death of a worker. Returns true as soon as the worker is known to be dead, false when the task is
  /// cancelled.
  func death(of peer: WorkerRegistration) async -> Bool
}

/// A token by which others check that a worker lives. Opaque: only the ``WorkerLiveness`` that made it can read it.
package struct LivenessToken: Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }
}

/// The announcement of a worker. Keep it until the worker has ended.
package protocol WorkerPresence: AnyObject, Sendable {
  var token: LivenessToken { get }
  /// Ends the announcement now, not only with the process: nobody asks about this worker again.
  func release()
}
