/// How often a step is tried, and how long it waits between tries. The defaults are from DESIGN §4.
package struct RetryPolicy: Codable, Hashable, Sendable {
  /// The number of tries, including the first; at least 1.
  package var attempts: Int
  /// The wait before the second try, before jitter.
  package var first: Duration
  /// The factor between one wait and the next; at least 1.
  package var factor: Double
  /// The longest computed wait.
  package var maximum: Duration
  package var jitter: Jitter

  package enum Jitter: String, Codable, Sendable, CaseIterable {
    /// Uniform between 0 and the computed wait, so that steps that failed together do not return together.
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

  /// Returns the wait after the `failed`-th failed attempt (from 1); `fraction` in `0..<1` is the random number for the
  /// jitter.
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
