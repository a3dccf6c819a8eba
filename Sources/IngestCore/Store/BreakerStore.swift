/// The store operations on breakers. A breaker exists once its dependency has been called.
package protocol BreakerStore: Sendable {
  /// Returns all breakers, ordered by name.
  func breakers() async throws -> [BreakerReport]
  /// Returns the transitions of one breaker or of all, newest first.
  /// - Throws: `BREAKER_NOT_FOUND`.
  func breakerHistory(_ filter: BreakerHistoryFilter) async throws -> [BreakerEvent]
  /// Opens a breaker. With a duration, probes decide when it has passed; without one, the breaker stays open until
  /// somebody resets it.
  /// - Throws: `BREAKER_NOT_FOUND`.
  func openBreaker(_ name: String, for duration: Duration?, actor: String) async throws -> BreakerReport
  /// Closes the named breakers, or all that keep work waiting. Forgets their counts and any `Retry-After`.
  /// - Throws: `BREAKER_NOT_FOUND`; then no breaker is reset.
  func resetBreakers(_ names: [String]?, actor: String) async throws -> [BreakerReport]
}

/// A breaker, as front doors show it. They print it as it is, with keys in snake case.
package struct BreakerReport: Codable, Hashable, Sendable {
  package var breaker: String
  package var state: BreakerMachine.Phase
  package var since: Timestamp
  /// When calls may be made again, if not now: for an open breaker, its next probe. Nil if it waits for a person.
  package var nextAt: Timestamp?
  /// Why it entered its state.
  package var cause: String?
  /// Failed calls in its window, as of the last call.
  package var failed: Int
  package var calls: Int
  /// Probes that are under way.
  package var probes: Int
  /// Until when the dependency asked not to be called (`Retry-After`).
  package var heldUntil: Timestamp?

  package init(
    breaker: String, state: BreakerMachine.Phase, since: Timestamp, nextAt: Timestamp?, cause: String?, failed: Int,
    calls: Int, probes: Int, heldUntil: Timestamp?
  ) {
    self.breaker = breaker
    self.state = state
    self.since = since
    self.nextAt = nextAt
    self.cause = cause
    self.failed = failed
    self.calls = calls
    self.probes = probes
    self.heldUntil = heldUntil
  }
}

package struct BreakerHistoryFilter: Hashable, Sendable {
  package var breaker: String?
  package var since: Timestamp?
  package var limit: Int

  package init(breaker: String? = nil, since: Timestamp? = nil, limit: Int = 50) {
    self.breaker = breaker
    self.since = since
    self.limit = limit
  }
}

/// One transition of a breaker, as the journal records it. Front doors print it as it is, with keys in snake case.
package struct BreakerEvent: Codable, Hashable, Sendable {
  package var at: Timestamp
  package var breaker: String
  package var from: BreakerMachine.Phase
  package var to: BreakerMachine.Phase
  package var cause: String
  package var actor: String
  /// When probes begin, for a breaker that opened.
  package var nextAt: Timestamp?

  package init(
    at: Timestamp, breaker: String, from: BreakerMachine.Phase, to: BreakerMachine.Phase, cause: String,
    actor: String, nextAt: Timestamp?
  ) {
    self.at = at
    self.breaker = breaker
    self.from = from
    self.to = to
    self.cause = cause
    self.actor = actor
    self.nextAt = nextAt
  }
}
