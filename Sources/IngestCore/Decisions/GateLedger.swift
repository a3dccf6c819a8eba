/// The accounts of the gates that one transaction uses. Each is loaded once; a take applies to all of them or to none;
/// each is written once.
///
/// A store loads what ``needs(_:)`` names, calls ``take(_:)``, and writes ``takeChanges()`` in the same transaction.
/// The ledger itself does no I/O.
package struct GateLedger: Sendable {
  package enum Verdict: Hashable, Sendable {
    case granted
    case closed(Closure)
  }

  /// The gate that refused.
  package struct Closure: Hashable, Sendable {
    /// The key of its account.
    package var gate: Int64
    package var closesSource: Bool
    /// When to ask again, in microseconds of the boot clock; nil when an event opens the gate.
    package var until: Int64?

    package init(gate: Int64, closesSource: Bool, until: Int64?) {
      self.gate = gate
      self.closesSource = closesSource
      self.until = until
    }
  }

  /// Data that the store must load before it takes.
  package enum Need: Hashable, Sendable {
    case account(Gate)
    /// The number of jobs that are parked at the dependency with this account.
    case parked(Gate, account: Int64)
  }

  /// Data that the store must write.
  package enum Change: Hashable, Sendable {
    case account(Int64, bucket: GateAccount.Bucket?, held: Int)
    case pace(Int64, until: Int64)
    /// The dependency's state under this boot's clock. If it were not stored, the remaining wait would start again at
    /// each check.
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

  /// The longest time between two starts of jobs that were parked at a dependency.
  private static let longestPace: Duration = .seconds(1)

  private let uptime: Int64
  private let bootID: String
  private let breakers: BreakerPolicy
  private var accounts: [String: Account] = [:]
  /// The number of parked jobs, by dependency.
  private var parked: [String: Int] = [:]
  /// When the next lane that was parked at a dependency may ask again, by dependency.
  private var turns: [String: Int64] = [:]

  /// - Parameters:
  ///   - uptime: now, in microseconds of the boot clock.
  ///   - bootID: the boot that `uptime` belongs to.
  package init(at uptime: Int64, bootID: String, breakers: BreakerPolicy) {
    self.uptime = uptime
    self.bootID = bootID
    self.breakers = breakers
  }

  /// Returns the data to load before these gates are asked. Call it again after loading, because the first answer can
  /// lead to further needs.
  package func needs(_ gates: [Gate]) -> [Need] {
    gates.compactMap { gate in
      guard let account = accounts[gate.name] else { return .account(gate) }
      guard case .dependency = gate.policy, spreads(account) else { return nil }
      return .parked(gate, account: account.key)
    }
  }

  /// Adds a gate's account.
  /// - Parameter boot: when this boot was first recorded. It is the same time for every load, so that the remaining
  /// wait of a bucket from another boot does not start again at each load.
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

  /// Adds the number of jobs that are parked at a dependency.
  package mutating func load(parked: Int, at gate: Gate) {
    self.parked[gate.name] = parked
  }

  /// Takes one start from all of the gates, or from none. Each must have been loaded.
  package mutating func take(_ gates: [Gate]) -> Verdict {
    var blocked: Closure?
    // A gate that an event opens wins over one that a time opens, because nobody needs to ask before the event. Of two
    // times, the later one wins.
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
        // A time further ahead than the longest pace was measured by another boot's clock.
        if let paced = account.pacedUntil, paced > uptime, paced - uptime <= Self.longestPace.microseconds {
          // Each further lane asks one interval later, so that the lanes do not all return together for a single slot.
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

  /// Returns the accounts in which a grant of these gates took a slot. The granted job holds the slots.
  package func slots(of gates: [Gate]) -> [(account: Int64, isOfStep: Bool)] {
    gates.compactMap { gate in
      guard case .limit(.concurrency) = gate.policy, let account = accounts[gate.name] else { return nil }
      return (account.key, gate.isOfStep)
    }
  }

  /// Whether there is something to write. After a refusal: whether a bucket was converted from another rate.
  package var hasChanges: Bool {
    accounts.values.contains { $0.isChanged || $0.isPaced || $0.isCarriedOver }
  }

  /// Returns what was taken or converted since the last call, ordered by account key.
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

  /// Returns whether calls to a dependency may be made now. A dependency that was never called counts as open.
  private func opening(_ account: Account) -> DependencyOpening {
    account.dependency?.opening(at: uptime, policy: breakers) ?? .open(since: nil)
  }

  /// Returns whether parked jobs start spread out, because the breaker closed recently.
  private func spreads(_ account: Account) -> Bool {
    guard case .open = opening(account), let state = account.dependency, state.last != nil else { return false }
    return uptime - state.breaker.since < Spread().longest.microseconds
  }

  /// Returns the time between the starts of jobs that were parked at a dependency, over all lanes: short after a limit,
  /// spread out after the breaker has closed, and longest while a probe decides whether it closes.
  private func pace(_ gate: Gate, _ account: Account) -> Duration {
    switch opening(account) {
    case .probes, .closed: Self.longestPace
    case .open where spreads(account): Spread().delay(position: 1, of: max(2, parked[gate.name] ?? 0))
    case .open: .milliseconds(2)
    }
  }
}
