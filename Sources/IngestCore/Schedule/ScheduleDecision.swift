/// The ticks of a schedule to fire now, which every worker decides in the same way. A worker fires them by replacing
/// the stored `last` with ``last`` (compare and set, in the transaction of the submits), so each tick fires once.
package struct ScheduleDecision: Hashable, Sendable {
  /// The ticks, oldest first; at most ``most``.
  package let fire: [Tick]
  /// The value to store; equal to the old one if nothing happened.
  package let last: Timestamp
  /// The first tick that left the catch-up window without being fired, for the journal.
  package let missed: Timestamp?
  /// When to decide again: the next tick, or `now` if more ticks are to be caught up; nil when no tick is left.
  package let next: Timestamp?

  /// One tick of a schedule, which also identifies its run.
  package struct Tick: Hashable, Sendable {
    package let at: Timestamp
    /// When the run becomes due, including its jitter.
    package let startAt: Timestamp

    package init(at: Timestamp, startAt: Timestamp) {
      self.at = at
      self.startAt = startAt
    }
  }

  /// The largest number of ticks fired in one transaction.
  package static let most = 100

  /// - Parameters:
  ///   - last: the last tick that was handled, or the schedule's creation. A time more than the window and one day in
  ///     the future was stored under a wrong clock, and counts as now.
  ///   - catchUp: how late a tick may fire, for example after the machine was asleep; older ticks are missed.
  ///   - jitter: the largest delay added to each run's start. It is derived from `seed` and the tick, so that all
  ///     workers agree.
  package static func decide(
    _ timing: ScheduleTiming, in zone: TimeZoneRules, last: Timestamp, now: Timestamp,
    catchUp: Duration = .seconds(3600), jitter: Duration = .zero, seed: UInt64 = 0
  ) -> Self {
    let window = Duration.microseconds(max(0, catchUp.microseconds))
    let stored = last > now + window + .seconds(86_400) ? now : last
    // Ticks are whole microseconds, so the window includes a tick that is exactly as old as it.
    let horizon = now + .microseconds(-min(window.microseconds, .max - 1) - 1)
    var handled = stored
    var missed: Timestamp?
    if stored < horizon, let first = timing.next(after: stored, in: zone), first <= horizon {
      missed = first
      handled = horizon
    }
    var fire: [Tick] = []
    var next = timing.next(after: handled, in: zone)
    while let tick = next, tick <= now, fire.count < most {
      fire.append(Tick(at: tick, startAt: tick + delay(of: tick, jitter: jitter, seed: seed)))
      handled = tick
      next = timing.next(after: tick, in: zone)
    }
    return Self(fire: fire, last: handled, missed: missed, next: next.map { max($0, now) })
  }

  /// Returns a delay uniform in `0..<jitter`, the same for the same tick everywhere.
  private static func delay(of tick: Timestamp, jitter: Duration, seed: UInt64) -> Duration {
    guard jitter.microseconds > 0 else { return .zero }
    var random = SplitMix(seed: seed ^ UInt64(bitPattern: tick.rawValue))
    let mixed = random.next()
    return .microseconds(Int64(mixed.multipliedFullWidth(by: UInt64(jitter.microseconds)).high))
  }

  /// Returns a seed from a schedule's name (FNV-1a), the same in every process.
  package static func seed(of name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
