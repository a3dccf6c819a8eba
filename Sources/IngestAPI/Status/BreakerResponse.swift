package import IngestCore

/// A breaker as it is shown.
package struct BreakerResponse: Codable, Hashable, Sendable {
  package var breaker: String
  package var state: BreakerMachine.Phase
  package var since: Timestamp
  /// When calls may be made again, if not now; nil if it waits for a person.
  package var nextAt: Timestamp?
  package var cause: String?
  /// Of its window, as of the last call.
  package var failed: Int
  package var calls: Int
  package var probes: Int
  /// Until when the other side asked to be left alone (`Retry-After`).
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
