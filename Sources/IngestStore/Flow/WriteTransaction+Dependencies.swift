import IngestCore
import IngestSQL

/// Breakers and the limits of providers, in the transaction of the call that asks for permission.
extension WriteTransaction {
  /// The answer to a call. A refusal is a value and no error, so that the transaction still stores what it learnt.
  enum CallAnswer {
    case granted(DependencyPermit)
    case refused(Failure)
  }

  /// Takes the permission of the breaker and of all limits, or of none.
  func enter(_ call: DependencyCall) throws -> CallAnswer {
    var gate = try dependency(call.dependency)
    let before = gate.state
    let (entry, change) = gate.state.enter(at: uptime, policy: breakers)
    switch entry {
    case .wait(let wait, let reason):
      try store(gate)
      return .refused(.closed(gate, wait, reason))
    case .pass(let permit):
      let buckets = try ProviderBuckets(self, provider: call.provider)
      switch try buckets.take(call) {
      case .granted:
        try store(gate)
        try note(change, of: gate, actor: "breaker")
        return .granted(DependencyPermit(call: call, breaker: permit, takenAt: uptime))
      case .wait(let wait, let limit):
        gate.state = before
        gate.state.limit(for: wait, at: uptime)
        try store(gate)
        return .refused(.limitReached(call.dependency, limit, wait))
      case .tooLarge(let most, let limit):
        gate.state = before
        try store(gate)
        return .refused(.limitTooSmall(call, limit, most: most))
      }
    }
  }

  /// Records the outcome of a call.
  func leave(
    _ permit: DependencyPermit, _ end: DependencyCallEnd, fraction: Double
  ) throws {
    var gate = try dependency(permit.call.dependency)
    let change = gate.state.record(
      end.outcome, permit: permit.breaker, at: uptime, policy: breakers, fraction: fraction)
    if let wait = end.advice.hold { gate.state.hold(for: wait, at: uptime) }
    try store(gate)
    try note(change, of: gate, actor: "breaker")
    try ProviderBuckets(self, provider: permit.call.provider).settle(permit, end)
  }

  /// Returns the dependency's gate, with times of this boot's clock. Creates the gate if it does not exist.
  func dependency(_ name: String) throws -> DependencyRow {
    if var known = try DependencyRow.find(db, name) {
      known.state = known.state.resumed(at: uptime, bootID: bootID)
      return known
    }
    return DependencyRow(
      key: try gateKey(name, kind: "dependency"), name: name, new: DependencyState(bootID: bootID, at: uptime))
  }

  func store(_ gate: DependencyRow) throws {
    guard gate.state != gate.stored else { return }
    try store(gate.state, ofGate: gate.key)
  }

  func store(_ state: DependencyState, ofGate key: Int64) throws {
    _ = try db.run(
      "UPDATE gates SET state = \(JSONText.encode(state)), changed_at = \(now.rawValue) WHERE key = \(key)")
  }

  /// Journals a breaker's transition and makes the jobs that wait for it check again.
  func note(_ change: BreakerTransition?, of gate: DependencyRow, actor: String) throws {
    guard let change else { return }
    let line = BreakerLine(
      from: change.from, to: change.to, cause: change.cause.description,
      wait: change.until.map { max(0, $0 - uptime) / 1000 })
    _ = try db.run(
      """
      INSERT INTO journal (at, kind, actor, gate_key, data)
      VALUES (\(now.rawValue), 'breaker', \(actor), \(gate.key), \(JSONText.encode(line)))
      """)
    // New rules open all waiting lanes. Nothing else would open a lane that the breaker closed without a time. A person
    // may also open the breaker again, now with a time.
    let isByHand = if case .opened = change.cause { true } else { false }
    if change.to == .closed || isByHand { try changeRules() }
    db.flag(CommitFlag.wake)
  }
}

/// A breaker's transition as the journal stores it.
struct BreakerLine: Codable {
  var from: BreakerMachine.Phase
  var to: BreakerMachine.Phase
  var cause: String
  /// The time until probes begin, in milliseconds.
  var wait: Int64?
}

extension ProviderAdvice {
  /// How long nobody may call the provider: as long as it asked for, or until an empty allowance is full again.
  var hold: Duration? {
    let empty = [requests, tokens].compactMap { $0?.remaining == 0 ? $0?.reset : nil }
    return ([retryAfter] + empty).compactMap(\.self).max().flatMap { $0 > .zero ? $0 : nil }
  }
}

extension Failure {
  static func closed(_ gate: DependencyRow, _ wait: Duration?, _ reason: QueuedReason) -> Failure {
    let seconds = wait.map { max(1, Int($0.seconds.rounded(.up))) }
    var failure: Failure
    if reason == .throttled {
      failure = Failure(
        .throttled, code: "DEPENDENCY_HELD", "\(gate.name) asked not to be called for another \(seconds ?? 0) s.",
        hint: "Waiting jobs continue by themselves; \(Action(.breakerList)) shows when.", category: .later,
        retryAfter: wait)
    } else {
      let cause = gate.state.last.map { ": \($0.cause)" } ?? ""
      let when = seconds.map { "It is tried again within \($0) s" } ?? "It was opened by hand and stays open"
      failure = Failure(
        .unavailable, code: "BREAKER_OPEN", "The breaker of \(gate.name) is open\(cause).",
        hint: "\(when); \(Action(.breakerReset, gate.name)) closes it now.", category: .later, retryAfter: wait)
    }
    failure.dependency = gate.name
    return failure
  }

  static func limitReached(_ dependency: String, _ limit: CallLimit, _ wait: Duration) -> Failure {
    var failure = Failure(
      .throttled, code: "LIMIT_REACHED",
      "The limit of \(limit.spec) \(limit.unit.rawValue) of the provider \(limit.value) is reached.",
      hint: "Waiting jobs continue by themselves in \(max(1, Int(wait.seconds.rounded(.up)))) s.", category: .later,
      retryAfter: wait)
    failure.dependency = dependency
    return failure
  }

  static func limitTooSmall(_ call: DependencyCall, _ limit: CallLimit, most: Int) -> Failure {
    let asked = limit.unit == .tokens ? call.tokens : call.requests
    return Failure(
      .exhausted, code: "LIMIT_TOO_SMALL",
      "One call needs \(asked) \(limit.unit.rawValue), but the limit of the provider \(limit.value) is \(limit.spec).",
      hint: "Raise the limit, or set the embedder's batch-tokens to \(most) or less.",
      reason: .callTooLarge)
  }
}
