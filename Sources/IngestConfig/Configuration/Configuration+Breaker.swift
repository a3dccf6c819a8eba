package import IngestCore

extension Configuration {
  /// The rules by which the breakers of dependencies open and close. ``BreakerPolicy`` explains them.
  package struct Breaker: Hashable, Sendable {
    package var window = BreakerPolicy.standard.window
    package var minimumCalls = BreakerPolicy.standard.minimumCalls
    package var failureRate = BreakerPolicy.standard.failureRate
    package var consecutiveFailures = BreakerPolicy.standard.consecutiveFailures
    package var firstWait = BreakerPolicy.standard.firstWait
    package var factor = BreakerPolicy.standard.factor
    package var longestWait = BreakerPolicy.standard.longestWait
    package var probes = BreakerPolicy.standard.probes
    package var successesToClose = BreakerPolicy.standard.successesToClose
    package var probeLife = BreakerPolicy.standard.probeLife

    /// - Throws: ``PolicyError`` for values that ``load(file:environment:flags:)`` would refuse.
    package func policy() throws(PolicyError) -> BreakerPolicy {
      try BreakerPolicy(
        window: window, minimumCalls: minimumCalls, failureRate: failureRate, consecutiveFailures: consecutiveFailures,
        firstWait: firstWait, factor: factor, longestWait: longestWait, probes: probes,
        successesToClose: successesToClose, probeLife: probeLife)
    }
  }
}
