extension TokenBucket {
  /// Charges what a call used beyond its estimate, exactly as if it had been taken with the estimate. One call's excess
  /// is at most one period's worth, so that a wrong number from a provider cannot freeze the bucket.
  package func charged(_ count: Int, at uptime: Int64) -> State {
    guard count > 0 else { return state }
    let now = max(uptime, state.asOf)
    return changed(at: now) { gauge, rate in
      let cost = min(Int128(count), rate.limit + rate.burst) * rate.period
      gauge.set(debt: gauge.debt(at: now, rate) + cost, at: now, rate)
    }
  }

  /// Refunds units that were taken at `takenAt` and never used. Units that the bucket has refilled since are not
  /// refunded a second time, or the bound would break. Nothing is refunded for a time in the future (another boot's).
  package func refunded(_ count: Int, takenAt: Int64, at uptime: Int64) -> State {
    let now = max(uptime, state.asOf)
    guard count > 0, takenAt <= now else { return state }
    let since = state.lowered?.since ?? .min
    var next = changed(at: now) { gauge, rate in
      let debt = gauge.debt(at: now, rate)
      let credit = Int128(count) * rate.period - Int128(now - takenAt) * rate.limit
      if credit > 0, debt > 0 { gauge.set(debt: max(0, debt - credit), at: now, rate) }
    }
    // The provider's gauge refunds only what it took.
    if takenAt < since, let kept = state.lowered { next.lowered = kept.until > now ? kept : nil }
    return next
  }

  /// Settles an estimate when the call is over. Use beyond the estimate is charged. The estimate is refunded only if
  /// the call never left this machine, because a provider counts what it received. Do not settle requests: they are
  /// never refunded.
  package func settled(estimated: Int, actual: Int, left: Bool, takenAt: Int64, at uptime: Int64) -> State {
    guard left else { return refunded(estimated, takenAt: takenAt, at: uptime) }
    return charged(max(0, actual) - max(0, estimated), at: uptime)
  }

  /// Grants nothing before `until` (`Retry-After`). A hold that exists is never shortened.
  package func held(until: Int64, at uptime: Int64) -> State {
    var next = changed(at: max(uptime, state.asOf)) { _, _ in }
    next.heldUntil = max(until, next.heldUntil ?? until)
    return next
  }

  /// Lets at most `limit` units into any period until then (`x-ratelimit-limit`), in addition to our own limit. The
  /// provider's newest report counts; a limit of 0 is a hold.
  package func lowered(to limit: Int, until: Int64, at uptime: Int64) -> State {
    guard limit > 0 else { return held(until: until, at: uptime) }
    let now = max(uptime, state.asOf)
    var next = changed(at: now) { _, _ in }
    let before = next.lowered
    var lowered = State.Lowered(limit: limit, until: until, since: before?.since ?? now, gauge: state.own)
    lowered.gauge = before?.gauge ?? .full(rate(of: lowered), at: now)
    next.lowered = until > now ? lowered : nil
    return next
  }

  /// Leaves at most `units` in the bucket (`x-ratelimit-remaining`, for a period like ours).
  package func leaving(_ units: Int, at uptime: Int64) -> State {
    let now = max(uptime, state.asOf)
    return changed(at: now) { gauge, rate in
      let least = rate.capacity - Int128(max(0, units)) * rate.period
      gauge.set(debt: max(gauge.debt(at: now, rate), least), at: now, rate)
    }
  }

  package enum JointGrant: Hashable, Sendable {
    /// One state for each bucket, in order. Store all of them.
    case granted([State])
    /// The longest wait of all, and the bucket that causes it.
    case wait(Duration, bucket: Int)
    case tooLarge(most: Int, bucket: Int)
  }

  /// Takes from all of several different buckets, or from none.
  package static func take(
    _ takes: [(bucket: TokenBucket, count: Int)], at uptime: Int64, slack: Duration = .zero
  ) -> JointGrant {
    var states: [State] = []
    var longest: (wait: Duration, bucket: Int)?
    for (index, (bucket, count)) in takes.enumerated() {
      switch bucket.take(count, at: uptime, slack: slack) {
      case .granted(let state): states.append(state)
      case .tooLarge(let most): return .tooLarge(most: most, bucket: index)
      case .wait(let wait): if wait > longest?.wait ?? .zero { longest = (wait, index) }
      }
    }
    return longest.map { .wait($0.wait, bucket: $0.bucket) } ?? .granted(states)
  }
}
