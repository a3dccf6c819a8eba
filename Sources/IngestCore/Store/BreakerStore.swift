/// What operators ask about breakers, and do to them. A breaker is there once its dependency has been called.
package protocol BreakerStore: Sendable {
  /// All of them, by name.
  func breakers() async throws -> [BreakerReport]
  /// Their transitions, newest first; of one, or of all.
  /// - Throws: `BREAKER_NOT_FOUND`.
  func breakerHistory(_ filter: BreakerHistoryFilter) async throws -> [BreakerEvent]
  /// Opens one: for so long, then probes decide; without a time until somebody resets it.
  /// - Throws: `BREAKER_NOT_FOUND`.
  func openBreaker(_ name: String, for duration: Duration?, actor: String) async throws -> BreakerReport
  /// Closes these, or all that keep somebody waiting, and forgets what they counted and were asked to wait for.
  /// - Throws: `BREAKER_NOT_FOUND`; then none is reset.
  func resetBreakers(_ names: [String]?, actor: String) async throws -> [BreakerReport]
}

/// A breaker as it is shown.
package struct BreakerReport: Encodable, Hashable, Sendable {
  package var breaker: String
  package var state: BreakerMachine.Phase
  package var since: Timestamp
  /// When calls may be made again, if not now: of an open one its next probe; nil if it waits for a person.
  package var nextAt: Timestamp?
  /// How it came into its state.
  package var cause: String?
  /// Of its window, as of the last call.
  package var failed: Int
  package var calls: Int
  /// How many probes are out.
  package var probes: Int
  /// How long the other side asked to be left alone (`Retry-After`).
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

/// One transition of a breaker, as the journal has it.
package struct BreakerEvent: Encodable, Hashable, Sendable {
  package var at: Timestamp
  package var breaker: String
  package var from: BreakerMachine.Phase
  package var to: BreakerMachine.Phase
  package var cause: String
  package var actor: String
  /// Of one that opened: when probes begin.
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
