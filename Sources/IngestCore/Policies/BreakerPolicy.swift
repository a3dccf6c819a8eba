/// The settings of a breaker: when it opens, how it recovers, and how parked jobs return.
package struct BreakerPolicy: Hashable, Sendable, Codable {
  /// The period over which the failure rate is measured, in ten slots.
  package let window: Duration
  /// With fewer calls than this, the failure rate does not count.
  package let minimumCalls: Int
  /// The share of failed calls that opens it; more than 0, at most 1.
  package let failureRate: Double
  /// This many failures in a row open it, regardless of the rate.
  package let consecutiveFailures: Int
  /// The wait before the first probe; each failed round multiplies it by ``factor``, up to ``longestWait``.
  package let firstWait: Duration
  package let factor: Double
  package let longestWait: Duration
  /// The largest number of probes at once, in all processes together.
  package let probes: Int
  /// The number of probes that must succeed before it closes.
  package let successesToClose: Int
  /// A probe that has not reported within this time counts as lost, together with its worker, and its slot becomes
  /// free.
  package let probeLife: Duration

  /// Checks the settings.
  /// - Throws: ``PolicyError/correctBreaker(problem:)``.
  package init(
    window: Duration = standard.window, minimumCalls: Int = standard.minimumCalls,
    failureRate: Double = standard.failureRate, consecutiveFailures: Int = standard.consecutiveFailures,
    firstWait: Duration = standard.firstWait, factor: Double = standard.factor,
    longestWait: Duration = standard.longestWait, probes: Int = standard.probes,
    successesToClose: Int = standard.successesToClose, probeLife: Duration = standard.probeLife
  ) throws(PolicyError) {
    func check(_ holds: Bool, _ problem: String) throws(PolicyError) {
      if !holds { throw .correctBreaker(problem: problem) }
    }
    let day = Duration.seconds(86_400)
    try check(window >= .milliseconds(10) && window <= day, "its window must be from 10ms to 1d")
    try check((1...1_000_000).contains(minimumCalls), "its minimum of calls must be from 1 to 1000000")
    try check(failureRate > 0 && failureRate <= 1, "its failure rate must be more than 0 and at most 1")
    try check((1...1_000_000).contains(consecutiveFailures), "its failures in a row must be from 1 to 1000000")
    try check(firstWait >= .milliseconds(1) && firstWait <= day, "its first wait must be from 1ms to 1d")
    try check(factor >= 1 && factor <= 100, "its factor must be from 1 to 100")
    try check(longestWait >= firstWait && longestWait <= day, "its longest wait must be from its first wait to 1d")
    try check((1...1000).contains(probes), "its probes must be from 1 to 1000")
    try check((1...1000).contains(successesToClose), "the successes that close it must be from 1 to 1000")
    try check(probeLife >= .milliseconds(1) && probeLife <= day, "a probe's life must be from 1ms to 1d")
    self.window = window
    self.minimumCalls = minimumCalls
    self.failureRate = failureRate
    self.consecutiveFailures = consecutiveFailures
    self.firstWait = firstWait
    self.factor = factor
    self.longestWait = longestWait
    self.probes = probes
    self.successesToClose = successesToClose
    self.probeLife = probeLife
  }

  /// The default settings.
  package static let standard = BreakerPolicy()

  private init() {
    window = .seconds(60)
    minimumCalls = 20
    failureRate = 0.5
    consecutiveFailures = 5
    firstWait = .seconds(5)
    factor = 2
    longestWait = .seconds(300)
    probes = 1
    successesToClose = 2
    probeLife = .seconds(120)
  }

  /// Returns the wait before the probes of a round (from 0): between half of the computed wait and all of it. So it is
  /// never very short, and not the same for all breakers. `fraction` in `0..<1`.
  func wait(round: Int, fraction: Double) -> Duration {
    let backoff = RetryPolicy(first: firstWait, factor: factor, maximum: longestWait, jitter: .none)
    let whole = backoff.delay(afterAttempt: round + 1, fraction: 0).microseconds
    return .microseconds(whole / 2 + Int64(Double(whole - whole / 2) * min(max(fraction, 0), 1)))
  }

  /// The window consists of this many slots, so that old calls leave it gradually.
  static let slots: Int64 = 10
  var slotWidth: Int64 { window.microseconds / Self.slots }
}
