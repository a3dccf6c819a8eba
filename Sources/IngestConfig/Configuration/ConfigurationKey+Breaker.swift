private import IngestCore

extension ConfigurationKey {
  private static let span: ClosedRange<Duration> = .milliseconds(1) ... .seconds(86_400)

  static let breaker: [ConfigurationKey] = [
    .init(
      "breaker.window", .duration(.milliseconds(10) ... .seconds(86_400)), .duration(\.breaker.window),
      "The time over which a dependency's failure rate is measured."),
    .init(
      "breaker.minimum-calls", .integer(1...1_000_000), .integer(\.breaker.minimumCalls),
      "The fewest calls in the window from which the failure rate counts."),
    .init(
      "breaker.failure-rate", .number(0.001...1), .number(\.breaker.failureRate),
      "The share of failed calls that opens a breaker."),
    .init(
      "breaker.consecutive-failures", .integer(1...1_000_000), .integer(\.breaker.consecutiveFailures),
      "The number of failures in a row that opens a breaker, regardless of the rate."),
    .init(
      "breaker.first-wait", .duration(span), .duration(\.breaker.firstWait),
      "How long an open breaker waits before it allows a probe."),
    .init(
      "breaker.factor", .number(1...100), .number(\.breaker.factor),
      "The factor by which the wait grows after each failed round of probes."),
    .init(
      "breaker.longest-wait", .duration(span), .duration(\.breaker.longestWait),
      "The longest wait between two rounds of probes."),
    .init(
      "breaker.probes", .integer(1...1000), .integer(\.breaker.probes),
      "The most probes at once, over all processes."),
    .init(
      "breaker.successes-to-close", .integer(1...1000), .integer(\.breaker.successesToClose),
      "The number of probes that must succeed before a breaker closes."),
    .init(
      "breaker.probe-life", .duration(span), .duration(\.breaker.probeLife),
      "How long a probe without a result blocks other probes; set it longer than the longest request."),
  ]
}
