import IngestCore
import IngestSQL

/// Pruning of what removed jobs leave behind: idempotency keys, lanes and gates. Workflow definitions stay: they are
/// few, and an index of the jobs of each would cost every submit.
extension PruningPass {
  mutating func pruneKeys() async throws {
    let now = now.rawValue
    while true {
      let page = try await store.read { db in
        try db.rows(
          """
          SELECT source_key, key FROM idempotency_keys WHERE expires_at <= \(now) ORDER BY expires_at LIMIT \(Self.page)
          """
        ) { (source: $0.int64(0), key: $0.text(1)) }
      }
      guard !page.isEmpty else { return }
      try await remove(page, counting: \.idempotencyKeys) { transaction, key in
        let gone = try transaction.db.run(
          "DELETE FROM idempotency_keys WHERE source_key = \(key.source) AND key = \(key.key) AND expires_at <= \(now)")
        return gone > 0 ? .gone : .kept
      }
    }
  }

  /// Removes unused lanes: those with gates of their own (there is one for each value of a key) and those of deleted
  /// generations, if they have no jobs and are not the base of another lane.
  mutating func pruneLanes() async throws {
    let mayGo: SQL = """
      l.ready = 0
      AND (l.gates <> '' OR l.generation_key IN (SELECT g.key FROM generations g WHERE g.state = 'deleted'))
      """
    let isIdle: SQL = """
      \(sql: mayGo) AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.lane_key = l.key)
      AND NOT EXISTS (SELECT 1 FROM lanes o WHERE o.base_key = l.key)
      """
    var after: Int64 = 0
    while true {
      let page = try await store.read { [after] db in
        try db.rows(
          """
          SELECT l.key, \(sql: isIdle) FROM lanes l
          WHERE \(sql: mayGo) AND l.key > \(after) ORDER BY l.key LIMIT \(Self.page)
          """
        ) { (key: $0.int64(0), isIdle: $0.bool(1)) }
      }
      guard let last = page.last else { return }
      after = last.key
      try await remove(page.filter(\.isIdle), counting: \.lanes) { transaction, lane in
        try transaction.db.run("DELETE FROM lanes AS l WHERE l.key = \(lane.key) AND \(sql: isIdle)") > 0
          ? .gone : .kept
      }
    }
  }

  /// Removes accounts that equal new ones: buckets that have long been full, and concurrency limits without a taken
  /// slot. Breakers and pauses stay.
  mutating func pruneGates() async throws {
    let before = (now - Self.gateGrace).rawValue
    let isUnused: SQL = """
      g.held = 0 AND g.changed_at < \(before)
      AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.gate_key = g.key)
      AND NOT EXISTS (SELECT 1 FROM lanes l WHERE l.closed_by = g.key AND l.closed = 1)
      AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.closed_by = g.key AND s.closed = 1)
      """
    var after: (changedAt: Int64, key: Int64) = (.min, 0)
    while true {
      let page = try await store.read { [after] db in
        try db.rows(
          """
          SELECT g.key, g.changed_at, \(sql: isUnused) FROM gates g
          WHERE g.kind IN ('throttle', 'rate-limit', 'concurrency') AND g.changed_at < \(before)
            AND (g.changed_at, g.key) > (\(after.changedAt), \(after.key))
          ORDER BY g.changed_at, g.key LIMIT \(Self.page)
          """
        ) { (key: $0.int64(0), changedAt: $0.int64(1), isUnused: $0.bool(2)) }
      }
      guard let last = page.last else { return }
      after = (last.changedAt, last.key)
      try await remove(page.filter(\.isUnused), counting: \.gates) { transaction, gate in
        let state = try transaction.db.first(
          "SELECT g.state FROM gates g WHERE g.key = \(gate.key) AND \(sql: isUnused)"
        ) { $0.optionalText(0) }
        guard let state, try transaction.isSpent(state, of: gate.key) else { return .kept }
        return try transaction.db.run("DELETE FROM gates WHERE key = \(gate.key)") > 0 ? .gone : .kept
      }
    }
  }

  /// How long an account must have been unused. One in use would only be created again.
  private static let gateGrace: Duration = .seconds(3600)
}

extension WriteTransaction {
  /// Whether a gate's state is that of a full bucket. A bucket of another boot is first converted to this boot's clock,
  /// as a claim would do: the time that the machine was off does not fill it.
  fileprivate func isSpent(_ state: String?, of gate: Int64) throws -> Bool {
    guard let state else { return true }
    var stored = try JSONText.decode(GateAccount.Bucket.self, state)
    if stored.boot == bootID { return stored.bucket.isFull(at: uptime) }
    stored = GateAccount.Bucket(boot: bootID, bucket: stored.bucket.resumed(at: uptime))
    _ = try db.run(
      "UPDATE gates SET state = \(JSONText.encode(stored)), changed_at = \(now.rawValue) WHERE key = \(gate)")
    return false
  }
}

extension Timestamp {
  static func - (left: Self, right: Duration) -> Self { left + .microseconds(-right.microseconds) }
}
