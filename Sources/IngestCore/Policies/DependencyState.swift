/// The state of a dependency that all workers share, stored as opaque JSON with its gate: its breaker, and until when
/// it asked not to be called. The limits of its provider are buckets of their own, because several dependencies can
/// share them.
///
/// Times are microseconds of the boot clock of ``bootID``. ``resumed(at:bootID:)`` carries them over a reboot; its
/// result must be stored, or the remaining wait would start again at each check.
package struct DependencyState: Hashable, Sendable {
  package internal(set) var breaker: BreakerMachine.State
  /// The boot whose clock all times here use.
  package internal(set) var bootID: String
  /// When the state last changed.
  package internal(set) var asOf: Int64
  /// No call may be made before this time: the dependency answered with `Retry-After`.
  package internal(set) var heldUntil: Int64?
  /// A limit refused a call until this time, so parked jobs need not ask before it. A lighter call may still pass.
  package internal(set) var limitedUntil: Int64?
  /// How the breaker entered its phase; nil for one that has always been closed.
  package internal(set) var last: BreakerTransition?

  package init(bootID: String, at uptime: Int64) {
    self.breaker = BreakerMachine.State()
    self.breaker.since = uptime
    self.bootID = bootID
    self.asOf = uptime
  }

  /// Returns when calls may be made, for parked jobs. It takes nothing.
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

  /// Returns when it last let calls through again; nil if it always has, or does not now.
  private func reopened(at now: Int64) -> Int64? {
    let times = [last.map { _ in breaker.since }, heldUntil, limitedUntil].compactMap { $0 }
    return times.filter { $0 <= now }.max()
  }

  /// Asks for a permit to make a call. If the call is refused, or the breaker is closed and had no transition, nothing
  /// needs to be stored.
  package mutating func enter(at uptime: Int64, policy: BreakerPolicy) -> (DependencyEntry, BreakerTransition?) {
    let now = max(uptime, asOf)
    // This check precedes the breaker's, so that a call that is not made takes no probe's slot.
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

  /// Records how calls ended, as ``BreakerMachine/record(_:permit:count:at:fraction:)`` does.
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

  /// Refuses all calls for a duration (`Retry-After`); a longer hold stays.
  package mutating func hold(for duration: Duration, at uptime: Int64) {
    let now = max(uptime, asOf)
    asOf = now
    heldUntil = max(TokenGauge.saturated(Int128(now) + Int128(max(0, duration.microseconds))), heldUntil ?? now)
  }

  /// Records that a limit refused a call, so that parked jobs know when to ask again.
  package mutating func limit(for duration: Duration, at uptime: Int64) {
    let now = max(uptime, asOf)
    asOf = now
    limitedUntil = TokenGauge.saturated(Int128(now) + Int128(max(0, duration.microseconds)))
  }

  /// Opens the breaker by hand. With a duration, probes follow it; without one, the breaker stays open until somebody
  /// resets it.
  package mutating func open(
    by actor: String, for duration: Duration?, at uptime: Int64, policy: BreakerPolicy
  ) -> BreakerTransition {
    let transition = changing(policy, at: uptime) { $0.open(by: actor, for: duration, at: uptime) }
    note(transition)
    return transition
  }

  /// Closes the breaker by hand. Forgets its counts and any `Retry-After`.
  package mutating func reset(by actor: String, at uptime: Int64, policy: BreakerPolicy) -> BreakerTransition {
    let transition = changing(policy, at: uptime) { $0.reset(by: actor, at: uptime) }
    note(transition)
    heldUntil = nil
    limitedUntil = nil
    return transition
  }

  /// Returns the state under the clock of a new boot, or unchanged under its own.
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
  /// Calls may be made. `since` is when this began after a time when they could not: parked jobs start spread out from
  /// then (``Spread``). Nil if it was always so.
  case open(since: Int64?)
  /// This many calls may be made; they decide whether the breaker closes or opens again.
  case probes(Int)
  /// No call may be made for at least this long; nil waits for a person. The reason is ``QueuedReason/throttled`` or
  /// ``QueuedReason/breakerOpen``.
  case closed(for: Duration?, QueuedReason)
}

/// The answer to a request to make one call.
package enum DependencyEntry: Hashable, Sendable {
  case pass(BreakerPermit)
  /// The same as ``DependencyOpening/closed(for:_:)``.
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
