/// How long ended jobs and journal entries are kept.
package struct Retention: Hashable, Sendable {
  /// Nil keeps them for ever.
  package var completed: Duration?
  package var cancelled: Duration?
  package var dead: Duration?
  package var journal: Duration?

  /// Checks the times.
  /// - Throws: ``PolicyError/correctRetention(_:problem:)`` for a negative time.
  package init(
    completed: Duration? = .seconds(7 * 86_400), cancelled: Duration? = .seconds(7 * 86_400),
    dead: Duration? = .seconds(90 * 86_400), journal: Duration? = .seconds(30 * 86_400)
  ) throws(PolicyError) {
    for span in [completed, cancelled, dead, journal] {
      guard let span, span < .zero else { continue }
      throw .correctRetention(span.compact, problem: "it is negative")
    }
    self.completed = completed
    self.cancelled = cancelled
    self.dead = dead
    self.journal = journal
  }

  /// Returns the time before which ended jobs in this state may be removed; nil keeps them. A job that has not ended is
  /// always kept.
  package func cutoff(_ state: JobState, now: Timestamp) -> Timestamp? {
    switch state {
    case .queued, .running, .waiting: nil
    case .completed: completed.map { now - $0 }
    case .cancelled: cancelled.map { now - $0 }
    case .dead: dead.map { now - $0 }
    }
  }

  /// Returns the time before which journal entries may be removed.
  package func journalCutoff(now: Timestamp) -> Timestamp? { journal.map { now - $0 } }

  /// Returns whether a job may be pruned: it ended long enough ago and nothing needs it (`isNeeded`: a child that runs,
  /// a generation that is open, an idempotency key in force, a replay that inherits from it).
  package func prunes(_ state: JobState, endedAt: Timestamp?, isNeeded: Bool, now: Timestamp) -> Bool {
    guard !isNeeded, let endedAt, let cutoff = cutoff(state, now: now) else { return false }
    return endedAt < cutoff
  }
}

extension Timestamp {
  /// Subtracts a duration; saturates, as `+` does.
  fileprivate static func - (left: Self, right: Duration) -> Self {
    left + .microseconds(-max(right.microseconds, -.max))
  }
}
