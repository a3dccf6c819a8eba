/// A source, as front doors show it.
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
  /// How many of the queued jobs could start now.
  package var ready: Int
  /// Why jobs that could start do not: `throttled`, `paused`, `breaker-open`; nil while they do.
  package var reason: String?
  package var nextAt: Timestamp?
  package var documents: Int?
  /// The limits in force that count all of its jobs together.
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

/// A limit that applies to a source's jobs, or the lift of a configured one, and what is left of it.
package struct LimitReport: Hashable, Sendable {
  /// The entry in force.
  package var entry: LimitEntry
  /// The configured amount, where a live entry hides it.
  package var configured: Limit.Amount?
  /// How many units could start now; below 0, a heavy take is still being paid off. Nil if each value of the key has
  /// its own bucket, or where the bucket belongs to a dependency.
  package var free: Int?

  package init(_ entry: LimitEntry, configured: Limit.Amount? = nil, free: Int? = nil) {
    self.entry = entry
    self.configured = configured
    self.free = free
  }
}

/// The pauses other than those of sources.
package struct PauseReport: Hashable, Sendable {
  package var everything: Bool
  /// Sorted.
  package var workflows: [String]

  package init(everything: Bool, workflows: [String]) {
    self.everything = everything
    self.workflows = workflows
  }
}
