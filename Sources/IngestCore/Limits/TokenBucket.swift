/// A token bucket that holds burst + 1 units and refills `limit` per period. It needs no timer: its state is the time
/// at which it is full again. A unit is a job's start, a step's start, a request or a token.
///
/// The bound: no half-open period has more than limit + burst units granted in it, as long as no take is heavier than
/// burst + 1. A heavier one (an embedding batch of 8,000 tokens) is granted when the bucket is full and paid off
/// afterwards; then the bound is limit + heaviest take − 1.
///
/// Times are microseconds of the boot clock, which never jumps; ``State/resumed(at:)`` carries the state over a reboot.
package struct TokenBucket: Hashable, Sendable {
  package var spec: RateSpec
  package var state: State

  /// Makes a full bucket, or one that continues from its stored state, which may have been made with another `spec`.
  package init(_ spec: RateSpec, state: State? = nil) {
    self.spec = spec
    self.state = state ?? State(own: .full(.init(limit: spec.limit, period: spec.period, burst: spec.burst), at: 0))
  }

  package enum Grant: Hashable, Sendable {
    /// The caller stores this state in the transaction of the start.
    case granted(State)
    /// The caller must wait for this time and then ask again. An earlier request is always refused; a later one is
    /// granted unless another caller takes units meanwhile.
    case wait(Duration)
    /// The take is larger than any period allows. The caller splits the work into takes of at most this many units.
    case tooLarge(most: Int)
  }

  /// Takes `count` units or none; a count of zero or less is always granted.
  /// - Parameters:
  ///   - uptime: now. A clock slightly behind the last call's (another process asked later) counts as the last call's.
  ///   - slack: how much later the start may count, its commit included. The bound then holds for any start in
  ///     `uptime...uptime + slack`. The price is this pause for each start that finds the bucket at rest.
  package func take(_ count: Int = 1, at uptime: Int64, slack: Duration = .zero) -> Grant {
    let now = max(uptime, state.asOf)
    guard count > 0 else { return .granted(state) }
    guard count <= spec.limit + spec.burst else { return .tooLarge(most: spec.limit + spec.burst) }
    var wait = max(state.own.wait(for: count, at: now, rate), (state.heldUntil ?? now) - now)
    if let lowered = state.lowered, lowered.until > now {
      wait = max(wait, min(lowered.gauge.wait(for: count, at: now, rate(of: lowered)), lowered.until - now))
    }
    guard wait <= 0 else { return .wait(.microseconds(wait)) }
    return .granted(changed(at: now) { $0.take(count, at: now, slack: slack.microseconds, $1) })
  }

  /// Returns the whole units that could be taken now; below 0 the bucket is in debt.
  package func available(at uptime: Int64) -> Int {
    let now = max(uptime, state.asOf)
    if let held = state.heldUntil, held > now { return 0 }
    var free = Int.max
    func look(_ gauge: TokenGauge, _ rate: TokenGauge.Rate) {
      let (units, rest) = (rate.capacity - max(0, gauge.debt(at: now, rate))).quotientAndRemainder(
        dividingBy: rate.period)
      free = min(free, Int(clamping: rest < 0 ? units - 1 : units))
    }
    look(state.own, rate)
    if let lowered = state.lowered, lowered.until > now { look(lowered.gauge, rate(of: lowered)) }
    return free
  }

  /// Returns the state converted to this rate if it was made with another; otherwise nil. Store it even when
  /// nothing is granted: until then a debt shrinks at the old rate.
  package func rebased(at uptime: Int64) -> State? {
    guard Int128(state.own.limit) != rate.limit || Int128(state.own.period) != rate.period else { return nil }
    let now = max(uptime, state.asOf)
    return changed(at: now) { gauge, rate in gauge.set(debt: gauge.debt(at: now, rate), at: now, rate) }
  }

  var rate: TokenGauge.Rate { .init(limit: spec.limit, period: spec.period, burst: spec.burst) }

  /// Returns the provider's limit as a rate that lets no more than that into any period, regardless of our burst.
  func rate(of lowered: State.Lowered) -> TokenGauge.Rate {
    .init(
      limit: min(lowered.limit, spec.limit), period: spec.period,
      burst: min(spec.burst, max(0, lowered.limit - spec.limit)))
  }

  /// Returns the state after a change to its gauges, without provider reports that have expired.
  func changed(at now: Int64, _ change: (inout TokenGauge, TokenGauge.Rate) -> Void) -> State {
    var next = state
    next.asOf = now
    change(&next.own, rate)
    if let held = next.heldUntil, held <= now { next.heldUntil = nil }
    if var lowered = next.lowered {
      change(&lowered.gauge, rate(of: lowered))
      next.lowered = lowered.until > now ? lowered : nil
    }
    return next
  }
}
