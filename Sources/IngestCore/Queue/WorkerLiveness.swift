/// Tells whether workers live, beside their leases: a death that is seen gives its jobs back at once, rather than at the end of
/// the lease.
///
/// That a worker lives proves nothing about its progress (it may be stopped), so there the lease decides. On one machine a
/// worker holds a lock on a file; with PostgreSQL it holds an advisory lock of its session.
package protocol WorkerLiveness: Sendable {
  /// Makes visible that a worker lives, until it is released or its process ends, however it ends.
  /// - Throws: `WORKER_LOCK` where another worker goes by this name.
  func announce(_ worker: WorkerID) throws -> any WorkerPresence
  /// Whether the worker that announced this lives.
  /// - Returns: nil where that cannot be seen from here.
  func isAlive(_ token: LivenessToken) -> Bool?
  /// Returns true as soon as the worker is known to be dead, false when the task is cancelled.
  func death(of peer: WorkerRegistration) async -> Bool
}

/// Where others see that a worker lives. Opaque: only the ``WorkerLiveness`` that made it can read it.
package struct LivenessToken: Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }
}

/// An announced worker. Keep it until the worker has ended.
package protocol WorkerPresence: AnyObject, Sendable {
  var token: LivenessToken { get }
  /// Ends it now, rather than with the process: nobody asks about this worker again.
  func release()
}
