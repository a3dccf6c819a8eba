package import IngestCore

/// One transition of a breaker, as the journal has it.
package struct BreakerEventResponse: Codable, Hashable, Sendable {
  package var at: Timestamp
  package var breaker: String
  package var from: BreakerMachine.Phase
  package var to: BreakerMachine.Phase
  package var cause: String
  package var actor: String
  /// Of one that opened: when probes begin.
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
