import IngestCore
import IngestSQL

/// A dependency's gate, as one transaction sees it.
struct DependencyRow {
  var key: Int64
  var name: String
  var state: DependencyState
  /// The state in the database; nil for a new gate.
  var stored: DependencyState?

  static func find(_ db: Connection, _ name: String) throws -> DependencyRow? {
    try db.first(
      "SELECT key, name, state FROM gates WHERE name = \(name) AND kind = 'dependency' AND state IS NOT NULL", Self.init
    )
  }

  static func all(_ db: Connection) throws -> [DependencyRow] {
    try db.rows(
      "SELECT key, name, state FROM gates WHERE kind = 'dependency' AND state IS NOT NULL ORDER BY name", Self.init)
  }

  private init(_ row: borrowing Row) throws {
    key = row.int64(0)
    name = row.text(1)
    state = try JSONText.decode(DependencyState.self, row.text(2))
    stored = state
  }

  init(key: Int64, name: String, new state: DependencyState) {
    self.key = key
    self.name = name
    self.state = state
  }

  /// Whether the breaker is not closed, or the dependency asked not to be called and possibly has not been called
  /// since.
  var isHeldUp: Bool { state.breaker.phase != .closed || state.heldUntil.map { $0 > state.asOf } ?? false }

  /// Returns the breaker as people see it. Times of another boot are shown as the next transition will convert them.
  func report(now: Timestamp, uptime: Int64, bootID: String) -> BreakerReport {
    let state = state.resumed(at: uptime, bootID: bootID)
    func time(_ moment: Int64) -> Timestamp { now + .microseconds(moment - uptime) }
    let held = state.heldUntil.flatMap { $0 > uptime ? time($0) : nil }
    let counts = state.breaker.counts
    return BreakerReport(
      breaker: name, state: state.breaker.phase, since: time(state.breaker.since),
      nextAt: state.breaker.phase == .open ? state.breaker.until.map(time) : held,
      cause: state.last?.cause.description, failed: counts.failed, calls: counts.calls,
      probes: state.breaker.probesOut, heldUntil: held)
  }
}
