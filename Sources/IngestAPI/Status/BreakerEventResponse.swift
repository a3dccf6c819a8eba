package import IngestCore

/// One transition of a breaker, from the journal.
package struct BreakerEventResponse: Codable, Hashable, Sendable {
  package var at: Timestamp
  package var breaker: String
  package var from: BreakerMachine.Phase
  package var to: BreakerMachine.Phase
  package var cause: String
  package var actor: String
  /// When probes begin, for a breaker that opened.
  package var nextAt: Timestamp?

  package init(_ event: BreakerEvent) {
    at = event.at
    breaker = event.breaker
    from = event.from
    to = event.to
    cause = event.cause
    actor = event.actor
    nextAt = event.nextAt
  }
}
