package import IngestCore
import IngestSQL

/// Sources as people see and create them.
extension Store {
  package func createSource(_ name: String, actor: String) async throws -> Bool {
    try await write { transaction in
      let known = try transaction.db.first("SELECT key FROM sources WHERE name = \(name)") { $0.int64(0) }
      guard known == nil else { return false }
      _ = try transaction.sourceKey(name)
      try transaction.journal("source-created", actor: actor, data: name)
      return true
    }
  }

  package func limits(ofSource name: String) async throws -> [LimitReport] {
    try await read { [clock] db in
      let stored = try LimitEntry.stored(db)
      let configured = Dictionary(
        stored.filter { $0.origin == .configuration }.map { ($0.id, $0.limit?.amount) },
        uniquingKeysWith: { first, _ in first })
      return try stored.inForce.filter { $0.id.scope.source.isEmpty || $0.id.scope.source == name }.map { entry in
        LimitReport(
          entry, configured: entry.origin == .live ? configured[entry.id] ?? nil : nil,
          free: try entry.limit.flatMap { try db.free(of: $0, source: name, clock) })
      }
    }
  }

  package func pauses() async throws -> PauseReport {
    try await read { db in
      PauseReport(
        everything: try db.first("SELECT paused FROM flow") { $0.bool(0) } ?? false,
        workflows: try db.rows("SELECT workflow FROM paused_workflows ORDER BY workflow") { $0.text(0) })
    }
  }
}

extension WriteTransaction {
  /// Applies the weights and pauses of the configuration. It changes a pause only where the configuration itself has
  /// changed: what people paused or resumed in the meantime stays.
  func configure(_ sources: [ConfiguredFlow.Source]) throws {
    let said = try JSONText.encode(sources.filter { $0.paused != nil }.map(\.name))
    _ = try db.run(
      """
      UPDATE sources SET paused = paused * (1 - configured_paused), configured_paused = NULL,
        virtual_time = CASE WHEN paused = 1 THEN \(raw: WriteTransaction.level) ELSE virtual_time END
      WHERE configured_paused IS NOT NULL AND name NOT IN (SELECT value FROM json_each(\(said)))
      """)
    _ = try db.run("UPDATE sources SET configured_weight = NULL WHERE configured_weight IS NOT NULL")
    for source in sources {
      let key = try sourceKey(source.name)
      if let weight = source.weight {
        _ = try db.run("UPDATE sources SET configured_weight = \(weight) WHERE key = \(key)")
      }
      if let paused = source.paused {
        _ = try db.run(
          """
          UPDATE sources SET paused = \(paused), configured_paused = \(paused),
            virtual_time = CASE WHEN paused = 1 THEN \(raw: WriteTransaction.level) ELSE virtual_time END
          WHERE key = \(key) AND configured_paused IS NOT \(paused)
          """)
      }
    }
    try weighAsConfigured()
  }

  /// Gives each source without a live weight the configured weight.
  func weighAsConfigured() throws {
    _ = try db.run(
      """
      UPDATE sources SET weight = coalesce(configured_weight, 1),
        weight_origin = CASE WHEN configured_weight IS NULL THEN 'default' ELSE 'configuration' END
      WHERE weight_origin <> 'live' AND weight IS NOT coalesce(configured_weight, 1)
      """)
  }
}

extension Connection {
  /// Returns how many starts a limit allows now; nil if the source's jobs do not share one account of it.
  fileprivate func free(of limit: Limit, source: String, _ clock: any TimeSource) throws -> Int? {
    guard !limit.unit.isOfCalls, let value = limit.id.value(forSource: source) else { return nil }
    let gate = try first("SELECT state, held FROM gates WHERE name = \(limit.id.gate(value))") { row in
      (state: row.optionalText(0), held: row.int(1))
    }
    switch limit.amount {
    case .concurrency(let most): return most.free(running: gate?.held ?? 0)
    case .throttle(let rate), .rateLimit(let rate):
      let stored = try gate?.state.map { try JSONText.decode(GateAccount.Bucket.self, $0) }
      let state = stored.map { $0.boot == clock.bootID ? $0.bucket : $0.bucket.resumed(at: clock.uptime) }
      return TokenBucket(rate, state: state).available(at: clock.uptime)
    }
  }
}

extension Limit.ID {
  /// Returns the value of the limit's key that all jobs of a source share; nil if they may have several.
  fileprivate func value(forSource source: String) -> String? {
    let only = key == .source ? source : scope[key] ?? ""
    return only.isEmpty ? nil : only
  }
}
