package import IngestCore
import IngestSQL

/// The breaker and the limits of each dependency, kept in the database so that all processes share them.
extension Store: DependencyGate {
  package func enter(_ call: DependencyCall) async throws -> DependencyPermit {
    // An open breaker, and a closed one without limits, cost one read.
    if let answer = try await unwrittenAnswer(to: call) { return try answer.get() }
    let answer = try await write { transaction in try transaction.enter(call) }
    switch answer {
    case .granted(let permit): return permit
    case .refused(let failure): throw failure
    }
  }

  package func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async {
    let settles = permit.call.tokens > 0 && (!end.left || end.tokens != nil)
    guard end.outcome != .silent || permit.breaker.probe != nil || settles || end.advice != ProviderAdvice() else {
      return
    }
    let fraction = random.fraction()
    // If this write fails, the record is lost and a probe's place becomes free when the probe expires. The call itself
    // is over: its outcome does not change.
    try? await write { transaction in try transaction.leave(permit, end, fraction: fraction) }
  }

  /// Returns the answer if it changes nothing in the database; nil if it needs a write.
  private func unwrittenAnswer(to call: DependencyCall) async throws -> Result<DependencyPermit, Failure>? {
    try await read { [breakers, clock, flow] db in
      guard let gate = try DependencyRow.find(db, call.dependency), gate.state.bootID == clock.bootID else {
        return nil
      }
      let uptime = clock.uptime
      var state = gate.state
      let (entry, _) = state.enter(at: uptime, policy: breakers)
      guard state == gate.state else { return nil }
      switch entry {
      case .wait(let wait, let reason): return .failure(.closed(gate, wait, reason))
      case .pass(let permit):
        let version = try db.first("SELECT version FROM flow") { $0.int64(0) }
        let rules = flow.last
        guard rules.version == version, rules.calls.isEmpty else { return nil }
        return .success(DependencyPermit(call: call, breaker: permit, takenAt: uptime))
      }
    }
  }
}

extension Store: BreakerStore {
  package func breakers() async throws -> [BreakerReport] {
    try await read { [clock] db in
      try DependencyRow.all(db).map { $0.report(now: clock.now, uptime: clock.uptime, bootID: clock.bootID) }
    }
  }

  package func breakerHistory(_ filter: BreakerHistoryFilter) async throws -> [BreakerEvent] {
    try await read { db in
      let gates = try DependencyRow.all(db)
      let chosen = try filter.breaker.map { name in
        guard let gate = gates.first(where: { $0.name == name }) else { throw Failure.breakerNotFound(name, gates) }
        return gate.key
      }
      return try db.rows(
        """
        SELECT j.at, g.name, j.actor, j.data FROM journal j JOIN gates g ON g.key = j.gate_key
        WHERE j.gate_key IS NOT NULL AND j.kind = 'breaker' AND (\(chosen) IS NULL OR j.gate_key = \(chosen))
          AND (\(filter.since?.rawValue) IS NULL OR j.at >= \(filter.since?.rawValue))
        ORDER BY j.seq DESC LIMIT \(filter.limit)
        """
      ) { row in
        let at = Timestamp(rawValue: row.int64(0))
        let line = try JSONText.decode(BreakerLine.self, row.optionalText(3) ?? "")
        return BreakerEvent(
          at: at, breaker: row.text(1), from: line.from, to: line.to, cause: line.cause, actor: row.text(2),
          nextAt: line.wait.map { at + .milliseconds($0) })
      }
    }
  }

  package func openBreaker(_ name: String, for duration: Duration?, actor: String) async throws -> BreakerReport {
    try await change([name], actor: actor) { [breakers] state, uptime in
      state.open(by: actor, for: duration, at: uptime, policy: breakers)
    }[0]
  }

  package func resetBreakers(_ names: [String]?, actor: String) async throws -> [BreakerReport] {
    try await change(names, actor: actor) { [breakers] state, uptime in
      state.reset(by: actor, at: uptime, policy: breakers)
    }
  }

  private func change(
    _ names: [String]?, actor: String,
    _ change: @escaping @Sendable (inout DependencyState, Int64) -> BreakerTransition
  ) async throws -> [BreakerReport] {
    try await write { transaction in
      let gates = try DependencyRow.all(transaction.db)
      let chosen = try names.map { names in
        try names.map { name in
          guard let gate = gates.first(where: { $0.name == name }) else { throw Failure.breakerNotFound(name, gates) }
          return gate
        }
      }
      // Without names, only the breakers that hold up calls.
      return try (chosen ?? gates.filter(\.isHeldUp)).map { gate in
        var gate = gate
        gate.state = gate.state.resumed(at: transaction.uptime, bootID: transaction.bootID)
        let made = change(&gate.state, transaction.uptime)
        try transaction.store(gate)
        try transaction.note(made, of: gate, actor: actor)
        return gate.report(now: transaction.now, uptime: transaction.uptime, bootID: transaction.bootID)
      }
    }
  }
}

extension Failure {
  fileprivate static func breakerNotFound(_ name: String, _ gates: [DependencyRow]) -> Failure {
    let near = nearestName(to: name, among: gates.map(\.name))
    return Failure(
      .permanent, code: "BREAKER_NOT_FOUND", "There is no breaker '\(name)'.",
      hint: near.map { "Did you mean '\($0)'?" }
        ?? "\(Action(.breakerList)) lists the breakers; each appears after the first call to its dependency.",
      category: .notFound)
  }
}
