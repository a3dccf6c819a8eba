/// What all workers share of one dependency, as opaque JSON beside its gate: its breaker, and how long it asked to be left
/// alone. The limits of its provider are buckets of their own, since several dependencies can share them.
///
/// Times are microseconds of the boot clock of ``bootID``; ``resumed(at:bootID:)`` carries them over a reboot, and its result
/// must be stored, or what is left to wait would begin anew at each look.
package struct DependencyState: Hashable, Sendable {
  package internal(set) var breaker: BreakerMachine.State
  /// The boot that every time here is reckoned in.
  package internal(set) var bootID: String
  /// When it was last changed.
  package internal(set) var asOf: Int64
  /// Nobody calls before: it said `Retry-After`.
  package internal(set) var heldUntil: Int64?
  /// A call was refused by a limit until then: what is parked need not look before. A lighter call may still pass.
  package internal(set) var limitedUntil: Int64?
  /// How the breaker came into its phase; nil for one that was never anything but closed.
  package internal(set) var last: BreakerTransition?

  package init(bootID: String, at uptime: Int64) {
    self.breaker = BreakerMachine.State()
    self.breaker.since = uptime
    self.bootID = bootID
    self.asOf = uptime
  }

  /// From when calls may be made, for those who are parked: asking takes nothing.
  package func opening(at uptime: Int64, policy: BreakerPolicy) -> DependencyOpening {
    let now = max(uptime, asOf)
    let wait = max(heldUntil ?? now, limitedUntil ?? now) - now
    switch breaker.phase {
    case .open where breaker.until == nil:
      return .closed(for: nil, .breakerOpen)
    case .open:
      let left = (breaker.until ?? now) - now
      if left > 0 { return .closed(for: .microseconds(max(left, wait)), .breakerOpen) }
    case .halfOpen:
      let out = breaker.out.map(\.expires).filter { $0 > now }
      if out.count >= policy.probes, let free = out.min() {
        return .closed(for: .microseconds(max(free - now, wait)), .breakerOpen)
      }
    case .closed: break
    }
    guard wait <= 0 else { return .closed(for: .microseconds(wait), .throttled) }
    let places = policy.probes - breaker.out.count { $0.expires > now }
    return breaker.phase == .closed ? .open(since: reopened(at: now)) : .probes(max(1, places))
  }

  /// When it last let calls through again after it had not; nil if it always has, or does not now.
  private func reopened(at now: Int64) -> Int64? {
    let times = [last.map { _ in breaker.since }, heldUntil, limitedUntil].compactMap { $0 }
    return times.filter { $0 <= now }.max()
  }

  /// Asks for leave to make a call. If it is not given, or the breaker is closed and did not move, nothing needs storing.
  package mutating func enter(at uptime: Int64, policy: BreakerPolicy) -> (DependencyEntry, BreakerTransition?) {
    let now = max(uptime, asOf)
    // Before the breaker, so that no probe's place is taken by a call that is not made.
    let isOpen = breaker.phase == .open && breaker.until.map { $0 > now } ?? true
    if !isOpen, let held = heldUntil, held > now {
      return (.wait(.microseconds(held - now), .throttled), nil)
    }
    let answer = changing(policy, at: now) { $0.decide(at: now) }
    note(answer.transition)
    switch answer.decision {
    case .pass(let permit): return (.pass(permit), answer.transition)
    case .wait(let wait): return (.wait(wait, .breakerOpen), answer.transition)
    }
  }

  /// Tells how calls ended, as ``BreakerMachine/record(_:permit:count:at:fraction:)``.
  package mutating func record(
    _ outcome: BreakerOutcome, permit: BreakerPermit, count: Int = 1, at uptime: Int64, policy: BreakerPolicy,
    fraction: Double
  ) -> BreakerTransition? {
    let transition = changing(policy, at: uptime) {
      $0.record(outcome, permit: permit, count: count, at: uptime, fraction: fraction)
    }
    note(transition)
    return transition
  }

  /// Lets nobody call for so long (`Retry-After`); a longer hold stays.
  package mutating func hold(for duration: Duration, at uptime: Int64) {
    let now = max(uptime, asOf)
    asOf = now
    heldUntil = max(TokenGauge.saturated(Int128(now) + Int128(max(0, duration.microseconds))), heldUntil ?? now)
  }

  /// Notes that a limit refused a call, so that what is parked knows when to look again.
  package mutating func limit(for duration: Duration, at uptime: Int64) {
    let now = max(uptime, asOf)
    asOf = now
    limitedUntil = TokenGauge.saturated(Int128(now) + Int128(max(0, duration.microseconds)))
  }

  /// Opens the breaker by hand: for `duration`, then probes; without one until somebody resets it.
  package mutating func open(
    by actor: String, for duration: Duration?, at uptime: Int64, policy: BreakerPolicy
  ) -> BreakerTransition {
    let transition = changing(policy, at: uptime) { $0.open(by: actor, for: duration, at: uptime) }
    note(transition)
    return transition
  }

  /// Closes it by hand, and forgets what it counted and what it was asked to wait for.
  package mutating func reset(by actor: String, at uptime: Int64, policy: BreakerPolicy) -> BreakerTransition {
    let transition = changing(policy, at: uptime) { $0.reset(by: actor, at: uptime) }
    note(transition)
    heldUntil = nil
    limitedUntil = nil
    return transition
  }

  /// The state under the clock of a new boot; itself under its own.
  package func resumed(at uptime: Int64, bootID: String) -> DependencyState {
    guard bootID != self.bootID else { return self }
    func moved(_ time: Int64) -> Int64 { TokenGauge.saturated(Int128(time) - Int128(asOf) + Int128(uptime)) }
    var next = self
    next.breaker = breaker.resumed(at: uptime)
    next.heldUntil = heldUntil.map(moved)
    next.limitedUntil = limitedUntil.map(moved)
    next.bootID = bootID
    next.asOf = uptime
    return next
  }

  private mutating func changing<T>(
    _ policy: BreakerPolicy, at uptime: Int64, _ change: (inout BreakerMachine) -> T
  ) -> T {
    var machine = BreakerMachine(policy, state: breaker)
    defer {
      if machine.state != breaker { asOf = max(uptime, asOf) }
      breaker = machine.state
    }
    return change(&machine)
  }

  private mutating func note(_ transition: BreakerTransition?) {
    if let transition { last = transition }
  }
}

/// Whether calls to a dependency may be made now.
package enum DependencyOpening: Hashable, Sendable {
  /// Yes. `since` is when it began to be so after a time when it was not: what waited starts spread out from then
  /// (``Spread``); nil if it always was.
  case open(since: Int64?)
  /// So many, which decide whether it closes or opens again.
  case probes(Int)
  /// Not for so long at least; nil waits for a person. The reason is ``QueuedReason/throttled`` or
  /// ``QueuedReason/breakerOpen``.
  case closed(for: Duration?, QueuedReason)
}

/// The answer to one call that asks to be made.
package enum DependencyEntry: Hashable, Sendable {
  case pass(BreakerPermit)
  /// As ``DependencyOpening/closed(for:_:)``.
  case wait(Duration?, QueuedReason)
}

extension DependencyState: Codable {
  private enum CodingKeys: String, CodingKey {
    case breaker = "b"
    case bootID = "boot"
    case asOf = "t"
    case heldUntil = "h"
    case limitedUntil = "l"
    case last = "x"
  }
}
