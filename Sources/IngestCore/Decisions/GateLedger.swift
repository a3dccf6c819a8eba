/// The accounts of the gates that one transaction asks: loaded once each, taken from together or not at all, written once.
///
/// A store loads what ``needs(_:)`` names, asks ``take(_:)``, and writes ``takeChanges()`` in the same transaction. The ledger
/// itself does no I/O.
package struct GateLedger: Sendable {
  package enum Verdict: Hashable, Sendable {
    case granted
    case closed(Closure)
  }

  /// The gate that said no.
  package struct Closure: Hashable, Sendable {
    /// Of its account.
    package var gate: Int64
    package var closesSource: Bool
    /// When to ask again, in microseconds of the boot clock; nil when an event opens it.
    package var until: Int64?

    package init(gate: Int64, closesSource: Bool, until: Int64?) {
      self.gate = gate
      self.closesSource = closesSource
      self.until = until
    }
  }

  /// What a store has to load before it asks.
  package enum Need: Hashable, Sendable {
    case account(Gate)
    /// How many jobs are parked at the dependency with this account.
    case parked(Gate, account: Int64)
  }

  /// What a store has to write.
  package enum Change: Hashable, Sendable {
    case account(Int64, bucket: GateAccount.Bucket?, held: Int)
    case pace(Int64, until: Int64)
    /// The dependency's state under this boot's clock: else what is left to wait would begin anew at each check.
    case dependency(Int64, DependencyState)

    package var account: Int64 {
      switch self {
      case .account(let key, _, _), .pace(let key, _), .dependency(let key, _): key
      }
    }
  }

  private struct Account {
    var key: Int64
    var bucket: TokenBucket.State?
    var held: Int
    var pacedUntil: Int64?
    var dependency: DependencyState?
    var isChanged = false
    var isPaced = false
    var isCarriedOver = false
  }

  /// A job that was parked at a dependency starts at most this long after the one before it.
  private static let longestPace: Duration = .seconds(1)

  private let uptime: Int64
  private let bootID: String
  private let breakers: BreakerPolicy
  private var accounts: [String: Account] = [:]
  /// By dependency, how many jobs are parked at it.
  private var parked: [String: Int] = [:]
  /// When the next lane that was parked at a dependency may ask again.
  private var turns: [String: Int64] = [:]

  /// - Parameters:
  ///   - uptime: now, in microseconds of the boot clock.
  ///   - bootID: the boot that `uptime` belongs to.
  package init(at uptime: Int64, bootID: String, breakers: BreakerPolicy) {
    self.uptime = uptime
    self.bootID = bootID
    self.breakers = breakers
  }

  /// What has to be loaded before these gates are asked; asked again, it names what the first answer has led to.
  package func needs(_ gates: [Gate]) -> [Need] {
    gates.compactMap { gate in
      guard let account = accounts[gate.name] else { return .account(gate) }
      guard case .dependency = gate.policy, spreads(account) else { return nil }
      return .parked(gate, account: account.key)
    }
  }

  /// Takes in a gate's account.
  /// - Parameter boot: when this boot was first noted. The same moment for every load, so that what is left to wait of a
  ///   bucket of another boot does not begin anew at each.
  package mutating func load(_ stored: GateAccount, of gate: Gate, boot: Int64) {
    var account = Account(key: stored.key, held: stored.held, pacedUntil: stored.pacedUntil)
    if let rate = gate.rate, let known = stored.bucket {
      var state = known.boot == bootID ? known.bucket : known.bucket.resumed(at: boot)
      if let rebased = TokenBucket(rate, state: state).rebased(at: uptime) {
        state = rebased
        account.isChanged = true
      }
      account.bucket = state
    }
    if case .dependency = gate.policy, let known = stored.dependency {
      let state = known.resumed(at: uptime, bootID: bootID)
      account.dependency = state
      account.isCarriedOver = state != known
    }
    accounts[gate.name] = account
  }

  /// Takes in how many jobs are parked at a dependency.
  package mutating func load(parked: Int, at gate: Gate) {
    self.parked[gate.name] = parked
  }

  /// Takes one start from all of the gates, or from none. Each must have been loaded.
  package mutating func take(_ gates: [Gate]) -> Verdict {
    var blocked: Closure?
    // What an event opens comes before what a time does: until then nobody needs to ask. Of two times, the later.
    func block(_ gate: Gate, _ account: Account, until: Int64?) {
      if let blocked, let known = blocked.until, let until, known >= until { return }
      if let blocked, blocked.until == nil { return }
      blocked = Closure(gate: account.key, closesSource: gate.closesSource, until: until)
    }
    var taken: [(name: String, account: Account)] = []
    for gate in gates {
      guard var account = accounts[gate.name] else { preconditionFailure("The gate '\(gate.name)' was not loaded.") }
      switch gate.policy {
      case .limit(.throttle(let rate)), .limit(.rateLimit(let rate)):
        switch TokenBucket(rate, state: account.bucket).take(at: uptime) {
        case .granted(let state):
          account.bucket = state
          account.isChanged = true
        case .wait(let wait): block(gate, account, until: uptime + wait.microseconds)
        case .tooLarge: block(gate, account, until: nil)
        }
      case .limit(.concurrency(let most)):
        if most.free(running: account.held) > 0 {
          account.held += 1
          account.isChanged = true
        } else {
          block(gate, account, until: nil)
        }
      case .dependency:
        // A pace further ahead than any is of another boot's clock.
        if let paced = account.pacedUntil, paced > uptime, paced - uptime <= Self.longestPace.microseconds {
          // Each further lane comes a pace later, so that they do not all come back at once to find one place.
          let turn = turns[gate.name] ?? paced
          turns[gate.name] = turn + pace(gate, account).microseconds
          block(gate, account, until: turn)
        } else if case .closed(let wait, _) = opening(account) {
          block(gate, account, until: wait.map { uptime + $0.microseconds })
        } else {
          account.pacedUntil = uptime + pace(gate, account).microseconds
          account.isPaced = true
        }
      case .pause: block(gate, account, until: nil)
      }
      taken.append((gate.name, account))
    }
    if let blocked { return .closed(blocked) }
    for (name, account) in taken { accounts[name] = account }
    return .granted
  }

  /// The accounts in which a grant of these gates took a slot. The granted job holds them.
  package func slots(of gates: [Gate]) -> [(account: Int64, isOfStep: Bool)] {
    gates.compactMap { gate in
      guard case .limit(.concurrency) = gate.policy, let account = accounts[gate.name] else { return nil }
      return (account.key, gate.isOfStep)
    }
  }

  /// Whether there is something to write. After a refusal: whether a bucket was found that was reckoned by another rate.
  package var hasChanges: Bool {
    accounts.values.contains { $0.isChanged || $0.isPaced || $0.isCarriedOver }
  }

  /// What was taken and what was reckoned anew since the last call, in the order of the accounts' keys.
  package mutating func takeChanges() -> [Change] {
    var changes: [Change] = []
    for (name, account) in accounts {
      if account.isChanged {
        let bucket = account.bucket.map { GateAccount.Bucket(boot: bootID, bucket: $0) }
        changes.append(.account(account.key, bucket: bucket, held: account.held))
      }
      if account.isPaced, let until = account.pacedUntil { changes.append(.pace(account.key, until: until)) }
      if account.isCarriedOver, let state = account.dependency { changes.append(.dependency(account.key, state)) }
      accounts[name]?.isChanged = false
      accounts[name]?.isPaced = false
      accounts[name]?.isCarriedOver = false
    }
    return changes.sorted { $0.account < $1.account }
  }

  /// Whether calls to a dependency may be made now. Of one that nobody has called yet nothing is known.
  private func opening(_ account: Account) -> DependencyOpening {
    account.dependency?.opening(at: uptime, policy: breakers) ?? .open(since: nil)
  }

  /// Whether what is parked starts spread out: its breaker has closed, and not long ago.
  private func spreads(_ account: Account) -> Bool {
    guard case .open = opening(account), let state = account.dependency, state.last != nil else { return false }
    return uptime - state.breaker.since < Spread().longest.microseconds
  }

  /// How far apart jobs start that were parked at a dependency, in whatever lanes: quickly after a limit, spread out once its
  /// breaker has closed, and hardly any while a probe decides whether it does.
  private func pace(_ gate: Gate, _ account: Account) -> Duration {
    switch opening(account) {
    case .probes, .closed: Self.longestPace
    case .open where spreads(account): Spread().delay(position: 1, of: max(2, parked[gate.name] ?? 0))
    case .open: .milliseconds(2)
    }
  }
}
