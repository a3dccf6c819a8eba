import IngestCore
import IngestSQL

/// The accounts of the gates that one transaction asks: read once, taken from together or not at all, written once.
final class GateLedger {
  enum Verdict {
    case granted
    /// By this gate, until then by the boot clock; nil when an event opens it.
    case closed(gate: Int64, closesSource: Bool, until: Int64?)
  }

  private struct Account {
    var key: Int64
    var bucket: TokenBucket.State?
    var held: Int
    /// Of a dependency: nothing that was parked at it starts before.
    var pacedUntil: Int64?
    var isChanged = false
  }

  /// A bucket's state and the boot whose clock it is reckoned by.
  struct Stored: Codable {
    var boot: String
    var bucket: TokenBucket.State
  }

  private let transition: Transition
  private var accounts: [String: Account] = [:]
  /// When the next lane that was parked at a dependency may look again.
  private var turns: [String: Int64] = [:]

  init(_ transition: Transition) {
    self.transition = transition
  }

  /// Takes one start from all of the gates, or from none.
  func take(_ gates: [Gate]) throws -> Verdict {
    let uptime = transition.uptime
    var blocked: (account: Int64, closesSource: Bool, until: Int64?)?
    /// What an event opens comes before what a time does: until then nobody needs to look. Of two times, the later.
    func block(_ gate: Gate, _ account: Account, until: Int64?) {
      if let blocked, let known = blocked.until, let until, known >= until { return }
      if let blocked, blocked.until == nil { return }
      blocked = (account.key, gate.closesSource, until)
    }
    var taken: [(name: String, account: Account)] = []
    for gate in gates {
      var account = try account(of: gate)
      switch gate.policy {
      case .rate(let spec):
        switch TokenBucket(spec, state: account.bucket).take(at: uptime) {
        case .granted(let state):
          account.bucket = state
          account.isChanged = true
        case .wait(let wait): block(gate, account, until: uptime + wait.microseconds)
        case .tooLarge: block(gate, account, until: nil)
        }
      case .atOnce(let most):
        if account.held < most {
          account.held += 1
          account.isChanged = true
        } else {
          block(gate, account, until: nil)
        }
      case .dependency:
        // Of another boot's clock is what lies further ahead than any pace.
        if let paced = account.pacedUntil, paced > uptime, paced - uptime <= Self.longestPace.microseconds {
          // Each further lane comes a pace later, so that they do not all come back at once to find one place.
          let turn = turns[gate.name] ?? paced
          turns[gate.name] = turn + (try pace(of: gate, account.key)).microseconds
          block(gate, account, until: turn)
        } else if case .closed(let wait, _) = try transition.opening(ofDependency: gate.name) {
          block(gate, account, until: wait.map { uptime + $0.microseconds })
        } else {
          account.pacedUntil = uptime + (try pace(of: gate, account.key)).microseconds
          account.isChanged = true
        }
      case .pause: block(gate, account, until: nil)
      }
      taken.append((gate.name, account))
    }
    if let blocked { return .closed(gate: blocked.account, closesSource: blocked.closesSource, until: blocked.until) }
    for (name, account) in taken { accounts[name] = account }
    return .granted
  }

  private static let longestPace: Duration = .seconds(1)

  /// How far apart jobs start that were parked at a dependency, in whatever lanes: quickly after a limit, spread out once its
  /// breaker has closed, and hardly any while a probe decides whether it does.
  private func pace(of gate: Gate, _ key: Int64) throws -> Duration {
    let spread = Spread()
    let state = try transition.dependency(gate.name).state
    switch state.opening(at: transition.uptime, policy: transition.breakers) {
    case .probes, .closed: return Self.longestPace
    case .open where state.last != nil && transition.uptime - state.breaker.since < spread.longest.microseconds:
      let parked = try transition.db.first(
        """
        SELECT coalesce(sum(ready), 0) FROM (
          SELECT ready FROM lanes WHERE closed = 1 AND closed_by = \(key) LIMIT \(Transition.reopened))
        """
      ) { $0.int(0) }
      return spread.delay(position: 1, of: max(2, parked ?? 0))
    case .open: return .milliseconds(2)
    }
  }

  /// Reads the accounts and takes nothing.
  func look(at gates: [Gate]) throws {
    for gate in gates { _ = try account(of: gate) }
  }

  /// Notes who holds the slots that were just taken.
  /// - Returns: whether there were any.
  func hold(_ gates: [Gate], for job: Int64) throws -> Bool {
    var holds = false
    for gate in gates {
      guard case .atOnce = gate.policy, let account = accounts[gate.name] else { continue }
      _ = try transition.db.run(
        "INSERT INTO slots (job_key, gate_key, step) VALUES (\(job), \(account.key), \(gate.isOfStep))")
      holds = true
    }
    return holds
  }

  /// Whether something was found that was reckoned by another rate.
  var isRebased: Bool { accounts.values.contains(where: \.isChanged) }

  /// Writes what was taken, and what was reckoned anew.
  func store() throws {
    for (name, account) in accounts where account.isChanged {
      accounts[name]?.isChanged = false
      if let paced = account.pacedUntil {
        _ = try transition.db.run("UPDATE gates SET paced_until = \(paced) WHERE key = \(account.key)")
        continue
      }
      let state = try account.bucket.map { try JSONText.encode(Stored(boot: transition.bootID, bucket: $0)) }
      _ = try transition.db.run(
        """
        UPDATE gates SET state = \(state), held = \(account.held), changed_at = \(transition.now.rawValue)
        WHERE key = \(account.key)
        """)
    }
  }

  /// When this boot was first noted: the same for every look, so that what is left to wait does not begin anew at each.
  private var bootAt: Int64 {
    get throws {
      try transition.adoptBoot()
      return try transition.db.first("SELECT boot_at FROM flow") { $0.int64(0) } ?? transition.uptime
    }
  }

  private func account(of gate: Gate) throws -> Account {
    if let known = accounts[gate.name] { return known }
    let found = try transition.db.first(
      "SELECT key, state, held, paced_until, adopted FROM gates WHERE name = \(gate.name)"
    ) { row in
      (
        key: row.int64(0), state: row.optionalText(1), held: row.int(2), paced: row.optionalInt64(3),
        adopted: row.optionalInt64(4)
      )
    }
    var account: Account
    if let found {
      account = Account(key: found.key, bucket: nil, held: found.held, pacedUntil: found.paced)
      if case .rate(let spec) = gate.policy, let text = found.state {
        let stored = try JSONText.decode(Stored.self, text)
        var state = stored.boot == transition.bootID ? stored.bucket : stored.bucket.resumed(at: try bootAt)
        if let rebased = TokenBucket(spec, state: state).rebased(at: transition.uptime) {
          state = rebased
          account.isChanged = true
        }
        account.bucket = state
      }
    } else {
      account = Account(key: try transition.gateKey(gate.name, kind: gate.kind), bucket: nil, held: 0)
    }
    if case .atOnce = gate.policy, !gate.isOfStep, found?.adopted != (try transition.rules().version) {
      account.held += try transition.adoptRunning(gate, key: account.key)
    }
    accounts[gate.name] = account
    return account
  }
}

extension Transition {
  /// The gate of this name, made where there is none yet.
  func gateKey(_ name: String, kind: String) throws -> Int64 {
    if let key = try db.first("SELECT key FROM gates WHERE name = \(name)", { $0.int64(0) }) { return key }
    return try db.first(
      "INSERT INTO gates (name, kind, changed_at) VALUES (\(name), \(kind), \(now.rawValue)) RETURNING key"
    ) { $0.int64(0) } ?? 0
  }
}
