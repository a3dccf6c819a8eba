package import IngestCore
import IngestSQL

/// What people see of one source.
extension Store {
  package func createSource(_ name: String, actor: String) async throws -> Bool {
    try await write { transition in
      let known = try transition.db.first("SELECT key FROM sources WHERE name = \(name)") { $0.int64(0) }
      guard known == nil else { return false }
      _ = try transition.sourceKey(name)
      try transition.journal("source-created", actor: actor, data: name)
      return true
    }
  }

  package func limits(ofSource name: String) async throws -> [SourceLimit] {
    try await read { [clock] db in
      let stored = try FlowRules.stored(db)
      let configured = Dictionary(
        stored.filter { $0.origin == .configuration }.map { ($0.name, $0.spec) },
        uniquingKeysWith: { first, _ in first })
      return try FlowRules.effective(stored)
        .filter { $0.scope.source.isEmpty || $0.scope.source == name }
        .map { rule in
          SourceLimit(
            rule: rule, configured: rule.origin == .live ? configured[rule.name] ?? nil : nil,
            free: try db.free(of: rule, source: name, clock))
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

extension Connection {
  /// What could start now by a limit of which the source's jobs share one account.
  fileprivate func free(of rule: LimitRule, source: String, _ clock: any TimeSource) throws -> Int? {
    guard let spec = rule.spec, !rule.unit.isOfCalls, let value = rule.value(forSource: source) else { return nil }
    let gate = try first("SELECT state, held FROM gates WHERE name = \(rule.gate(value))") { row in
      (state: row.optionalText(0), held: row.int(1))
    }
    switch rule.kind {
    case .concurrency: return Int(spec).map { max(0, $0 - (gate?.held ?? 0)) }
    case .throttle, .rateLimit:
      let stored = try gate?.state.map { try JSONText.decode(GateLedger.Stored.self, $0) }
      let state = stored.map { $0.boot == clock.bootID ? $0.bucket : $0.bucket.resumed(at: clock.uptime) }
      return TokenBucket(try RateSpec(spec), state: state).available(at: clock.uptime)
    }
  }
}

extension LimitRule {
  /// The one value of its key that a source's jobs have; nil where they may have several.
  fileprivate func value(forSource source: String) -> String? {
    let only =
      switch key {
      case .source: source
      case .index: scope.index
      case .workflow: scope.workflow
      case .provider: scope.provider
      case .tenant, .document, .meta: ""
      }
    return only.isEmpty ? nil : only
  }
}
