package import IngestCore

/// A breaker with its state and its counts.
package struct BreakerResponse: Codable, Hashable, Sendable {
  package var breaker: String
  package var state: BreakerMachine.Phase
  package var since: Timestamp
  /// When calls can be made again, if not now; nil if the breaker waits for a person.
  package var nextAt: Timestamp?
  package var cause: String?
  /// Failed calls in the window, as of the last call.
  package var failed: Int
  package var calls: Int
  package var probes: Int
  /// Until when the dependency asked for no calls (`Retry-After`).
  package var heldUntil: Timestamp?

  package init(_ report: BreakerReport) {
    breaker = report.breaker
    state = report.state
    since = report.since
    nextAt = report.nextAt
    cause = report.cause
    failed = report.failed
    calls = report.calls
    probes = report.probes
    heldUntil = report.heldUntil
  }
}
