import IngestCore
import IngestSQL

/// Limits that refuse a submit.
extension Transition {
  /// Takes a submit from all of its rate limits, or refuses it and takes from none.
  /// - Throws: `RATE_LIMITED`, with when to try again.
  func takeRate(of request: SubmitRequest) throws {
    let limits = try rules().submits.filter { $0.rule.covers(request) }
    guard !limits.isEmpty else { return }
    let gates = limits.map { limit in
      var gate = Gate(limit, value: limit.rule.key.value(of: request))
      gate.refuses = true
      return gate
    }
    let ledger = GateLedger(self)
    switch try ledger.take(gates) {
    case .granted: try ledger.store()
    case .closed(let key, _, let until):
      let name = try db.first("SELECT name FROM gates WHERE key = \(key)") { $0.text(0) } ?? ""
      let spec = limits.first { $0.rule.gate($0.rule.key.value(of: request)) == name }?.rule.spec ?? ""
      let wait = until.map { Duration.microseconds(max(0, $0 - uptime)) }
      throw Failure(
        .throttled, code: "RATE_LIMITED", "The limit \(spec) (\(name)) is reached; nothing was taken in.",
        hint: wait.map { "Submit again at \(now + $0), or raise the limit: `ingestd source set`." }
          ?? "Raise the limit: `ingestd source set`.",
        category: .refused, retryAfter: wait)
    }
  }
}

extension LimitRule {
  fileprivate func covers(_ request: SubmitRequest) -> Bool {
    (scope.source.isEmpty || scope.source == request.source) && (scope.index.isEmpty || scope.index == request.index)
      && (scope.workflow.isEmpty || scope.workflow == request.workflow.definition.name)
  }
}

extension LimitKey {
  /// A document is known by its identity here: before its first submit it has no id.
  fileprivate func value(of request: SubmitRequest) -> String {
    switch self {
    case .source: request.source
    case .index: request.index
    case .workflow: request.workflow.definition.name
    case .provider: ""
    case .tenant: request.meta["tenant"] ?? ""
    case .document: "\(request.index) \(request.source) \(request.uri)"
    case .meta(let name): request.meta[name] ?? ""
    }
  }
}
