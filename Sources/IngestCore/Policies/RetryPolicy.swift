/// How often and how far apart a step is tried. Source of the defaults: DESIGN §4.
package struct RetryPolicy: Codable, Hashable, Sendable {
  /// Tries in all, the first included; at least 1.
  package var attempts: Int
  /// The wait before the second try, before jitter.
  package var first: Duration
  /// What each further wait is multiplied by; at least 1.
  package var factor: Double
  /// No computed wait is longer.
  package var maximum: Duration
  package var jitter: Jitter

  package enum Jitter: String, Codable, Sendable, CaseIterable {
    /// Uniform between nothing and the computed wait, so that what failed together does not return together.
    case full
    /// Exactly the computed wait.
    case none
  }

  package init(
    attempts: Int = 8, first: Duration = .seconds(1), factor: Double = 2, maximum: Duration = .seconds(300),
    jitter: Jitter = .full
  ) {
    self.attempts = attempts
    self.first = first
    self.factor = factor
    self.maximum = maximum
    self.jitter = jitter
  }

  /// The wait after the `failed`-th failed attempt (from 1); `fraction` in `0..<1` is the draw for the jitter.
  package func delay(afterAttempt failed: Int, fraction: Double) -> Duration {
    var wait = first.seconds
    let limit = maximum.seconds
    var step = 1
    while step < failed, wait < limit {
      wait *= factor
      step += 1
    }
    let bounded: Double =
      switch jitter {
      case .full: min(wait, limit) * fraction
      case .none: min(wait, limit)
      }
    return .microseconds(Int64(exactly: (bounded * 1_000_000).rounded(.towardZero)) ?? .max)
  }
}
