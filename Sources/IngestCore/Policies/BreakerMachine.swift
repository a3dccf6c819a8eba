/// The circuit breaker of one dependency, as a value. In one transaction the store loads it, calls one method, and
/// stores it with the transition that the method returned. So one breaker serves all processes.
///
/// - closed: calls go through. Opens on a failure rate over a sliding window, or on failures in a row.
/// - open: no call goes through until the wait is over; the first request after that makes it half-open.
/// - half-open: a few probes may run at the same time. Enough successes close it; one failure opens it again for longer.
///
/// Times are microseconds of the boot clock; ``State/resumed(at:)`` carries the state over a reboot.
package struct BreakerMachine: Hashable, Sendable {
  package var policy: BreakerPolicy
  package internal(set) var state: State

  /// Makes a closed breaker, or one that continues from its stored state.
  package init(_ policy: BreakerPolicy, state: State = State()) {
    self.policy = policy
    self.state = state
  }

  package enum Phase: String, Codable, Sendable, CaseIterable {
    case closed, open
    case halfOpen = "half-open"
  }

  package enum Decision: Hashable, Sendable {
    /// The caller makes the call, then reports it to ``BreakerMachine/record(_:permit:count:at:fraction:)``.
    case pass(BreakerPermit)
    /// The caller parks the job without spending an attempt; nil waits for a person. In half-open it is the latest time
    /// at which a probe's slot becomes free.
    case wait(Duration?)
  }

  package struct Answer: Hashable, Sendable {
    package let decision: Decision
    package let transition: BreakerTransition?
  }

  /// Decides whether a call may be made. The state has changed if the breaker is half-open or a transition is returned;
  /// otherwise nothing needs to be stored.
  package mutating func decide(at uptime: Int64) -> Answer {
    let now = max(uptime, state.asOf)
    var transition: BreakerTransition?
    if state.phase == .open {
      guard let until = state.until else { return Answer(decision: .wait(nil), transition: nil) }
      guard until <= now else { return Answer(decision: .wait(.microseconds(until - now)), transition: nil) }
      transition = move(to: .halfOpen, .waitOver, at: now)
    }
    guard state.phase == .halfOpen else {
      return Answer(decision: .pass(BreakerPermit(epoch: state.epoch, probe: nil)), transition: nil)
    }
    state.out.removeAll { $0.expires <= now }
    guard state.out.count < policy.probes else {
      let free = state.out.map(\.expires).min() ?? now
      return Answer(decision: .wait(.microseconds(free - now)), transition: transition)
    }
    state.asOf = now
    state.lastProbe += 1
    state.out.append(.init(id: state.lastProbe, expires: now + policy.probeLife.microseconds))
    return Answer(decision: .pass(BreakerPermit(epoch: state.epoch, probe: state.lastProbe)), transition: transition)
  }

  /// Records how a call ended.
  /// - Parameters:
  ///   - permit: the permit from ``decide(at:)``; one of an older epoch, or of a probe that was given up, changes
  ///     nothing.
  ///   - count: how many calls ended in this way, for workers that report in batches.
  ///   - fraction: uniform in `0..<1`, for the jitter of the wait.
  package mutating func record(
    _ outcome: BreakerOutcome, permit: BreakerPermit, count: Int = 1, at uptime: Int64, fraction: Double
  ) -> BreakerTransition? {
    let now = max(uptime, state.asOf)
    guard permit.epoch == state.epoch, count > 0 else { return nil }
    switch state.phase {
    case .open: return nil
    case .closed: return recordClosed(outcome, count, at: now, fraction)
    case .halfOpen:
      guard let place = state.out.firstIndex(where: { $0.id == permit.probe }) else { return nil }
      let lost = state.out.remove(at: place).expires <= now
      state.asOf = now
      guard !lost else { return nil }
      switch outcome {
      case .silent: return nil
      case .failed(let code): return open(.probeFailed(code: code), at: now, fraction)
      case .answered:
        state.successes += 1
        guard state.successes >= policy.successesToClose else { return nil }
        return move(to: .closed, .probesSucceeded(state.successes), at: now)
      }
    }
  }

  private mutating func recordClosed(
    _ outcome: BreakerOutcome, _ count: Int, at now: Int64, _ fraction: Double
  ) -> BreakerTransition? {
    let number = now / policy.slotWidth
    state.slots.removeAll { $0.number <= number - BreakerPolicy.slots || $0.number > number }
    if state.slots.last?.number != number { state.slots.append(.init(number: number)) }
    let last = state.slots.count - 1
    state.asOf = now
    switch outcome {
    case .silent: return nil
    case .answered:
      state.slots[last].answered += count
      state.inARow = 0
      return nil
    case .failed(let code):
      state.slots[last].failed += count
      state.inARow += count
      if state.inARow >= policy.consecutiveFailures {
        return open(.consecutiveFailures(state.inARow, code: code), at: now, fraction)
      }
      let (failed, calls) = state.counts
      guard calls >= policy.minimumCalls, Double(failed) >= policy.failureRate * Double(calls) else { return nil }
      return open(.failureRate(failed: failed, calls: calls, code: code), at: now, fraction)
    }
  }

  private mutating func open(_ cause: BreakerTransition.Cause, at now: Int64, _ fraction: Double) -> BreakerTransition {
    // A breaker that closed and opens again within one window has not recovered, so its waits keep growing.
    if state.phase == .closed, now - state.since >= policy.window.microseconds { state.rounds = 0 }
    let wait = policy.wait(round: state.rounds, fraction: fraction)
    state.rounds += 1
    return move(to: .open, cause, at: now, until: now + max(1, wait.microseconds))
  }

  /// Opens the breaker by hand. With a duration, probes follow it; without one, the breaker stays open until somebody
  /// resets it.
  package mutating func open(by actor: String, for duration: Duration? = nil, at uptime: Int64) -> BreakerTransition {
    let now = max(uptime, state.asOf)
    let until = duration.map { TokenGauge.saturated(Int128(now) + Int128(max(0, $0.microseconds))) }
    return move(to: .open, .opened(by: actor), at: now, until: until)
  }

  /// Closes the breaker by hand and forgets its counts.
  package mutating func reset(by actor: String, at uptime: Int64) -> BreakerTransition {
    state.rounds = 0
    return move(to: .closed, .reset(by: actor), at: max(uptime, state.asOf))
  }

  private mutating func move(
    to phase: Phase, _ cause: BreakerTransition.Cause, at now: Int64, until: Int64? = nil
  ) -> BreakerTransition {
    let transition = BreakerTransition(from: state.phase, to: phase, cause: cause, at: now, until: until)
    state.phase = phase
    state.epoch += 1
    state.since = now
    state.asOf = now
    state.until = until
    state.slots = []
    state.inARow = 0
    state.out = []
    state.successes = 0
    return transition
  }
}
