/// A source as it is shown.
package struct SourceReport: Hashable, Sendable {
  package var source: String
  package var weight: Double
  package var paused: Bool
  package var queued: Int
  package var running: Int
  package var waiting: Int
  package var completed: Int
  package var cancelled: Int
  package var dead: Int
  /// Of the queued ones: how many could start now.
  package var ready: Int
  /// Why those that could start do not: `throttled`, `paused`, `breaker-open`; nil while they do.
  package var reason: String?
  package var nextAt: Timestamp?
  package var documents: Int?
  /// Those in force for all of its jobs together.
  package var limits: [Limit]

  package init(
    source: String, weight: Double, paused: Bool, queued: Int, running: Int, waiting: Int, completed: Int,
    cancelled: Int, dead: Int, ready: Int, reason: String?, nextAt: Timestamp?, documents: Int?, limits: [Limit]
  ) {
    self.source = source
    self.weight = weight
    self.paused = paused
    self.queued = queued
    self.running = running
    self.waiting = waiting
    self.completed = completed
    self.cancelled = cancelled
    self.dead = dead
    self.ready = ready
    self.reason = reason
    self.nextAt = nextAt
    self.documents = documents
    self.limits = limits
  }
}

/// A limit that holds for a source's jobs, or the lift of a configured one, and what is left of it.
package struct LimitReport: Hashable, Sendable {
  /// The one in force.
  package var entry: LimitEntry
  /// What the configuration says where a live entry hides it.
  package var configured: Limit.Amount?
  /// What could start now; below 0 it pays off something heavy. Nil where each value of its key has its own, or it is
  /// kept with a dependency.
  package var free: Int?

  package init(_ entry: LimitEntry, configured: Limit.Amount? = nil, free: Int? = nil) {
    self.entry = entry
    self.configured = configured
    self.free = free
  }
}

/// What is paused besides sources.
package struct PauseReport: Hashable, Sendable {
  package var everything: Bool
  /// Sorted.
  package var workflows: [String]

  package init(everything: Bool, workflows: [String]) {
    self.everything = everything
    self.workflows = workflows
  }
}
