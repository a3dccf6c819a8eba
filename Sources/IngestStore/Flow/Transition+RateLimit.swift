import IngestCore
import IngestSQL

extension Store {
  /// Notes the boot once in a process: a refused submit leaves nothing behind, also not the moment from which a bucket of
  /// another boot goes on.
  func noteBoot() async throws {
    guard !flow.hasNotedBoot else { return }
    let isNoted = try await read { [clock] db in
      try db.first("SELECT boot_id = \(clock.bootID) FROM flow") { $0.bool(0) } ?? false
    }
    if !isNoted { try await write { try $0.adoptBoot() } }
    flow.noteBoot()
  }
}

/// Limits that refuse a submit.
extension Transition {
  /// Takes a submit from all of its rate limits, or refuses it and takes from none.
  /// - Throws: `RATE_LIMITED`, with when to try again.
  func takeRate(of request: SubmitRequest) throws {
    // What is to go must be able to go, however often its document changed before.
    guard request.change != .delete else { return }
    let gates = try rateGates(of: request)
    guard !gates.isEmpty else { return }
    let accounts = GateAccounts(self)
    switch try accounts.take(gates) {
    case .granted: try accounts.store()
    case .closed(let closure):
      let name = try db.first("SELECT name FROM gates WHERE key = \(closure.gate)") { $0.text(0) } ?? ""
      let spec = gates.first { $0.name == name }?.rate?.description ?? ""
      let wait = closure.until.map { Duration.microseconds(max(0, $0 - uptime)) }
      let failure = Failure(
        .throttled, code: "RATE_LIMITED", "The limit \(spec) (\(name)) is reached; nothing was taken in.",
        hint: wait.map { "Submit again at \(now + $0), or raise the limit: \(Action(.sourceSet))." }
          ?? "Raise the limit: \(Action(.sourceSet)).",
        category: .refused, reason: .rateLimited, retryAfter: wait)
      throw accounts.isRebased ? RateRefusal(failure: failure, request: request) : failure
    }
  }

  /// Keeps the buckets of a refused submit as the limits in force reckon them.
  func rebaseRates(of request: SubmitRequest) throws {
    let accounts = GateAccounts(self)
    try accounts.load(rateGates(of: request))
    try accounts.store()
  }

  private func rateGates(of request: SubmitRequest) throws -> [Gate] {
    try rules().submits.filter { $0.scope.covers(request) }.map { limit in
      Gate(limit, value: limit.key.value(of: request))
    }
  }
}

/// A refusal that found a bucket of another rate: the submit leaves nothing behind, so that is kept apart.
struct RateRefusal: FailureConvertible {
  var failure: Failure
  var request: SubmitRequest
}

extension LimitScope {
  fileprivate func covers(_ request: SubmitRequest) -> Bool {
    (source.isEmpty || source == request.source) && (index.isEmpty || index == request.index)
      && (workflow.isEmpty || workflow == request.workflow.definition.name)
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
