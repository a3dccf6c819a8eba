private import IngestCore

extension ConfigurationKey {
  private static let span: ClosedRange<Duration> = .milliseconds(1) ... .seconds(86_400)

  static let breaker: [ConfigurationKey] = [
    .init(
      "breaker.window", .duration(.milliseconds(10) ... .seconds(86_400)), .duration(\.breaker.window),
      "How far back the failure rate of a dependency looks."),
    .init(
      "breaker.minimum-calls", .integer(1...1_000_000), .integer(\.breaker.minimumCalls),
      "Calls in the window below which the failure rate says nothing."),
    .init(
      "breaker.failure-rate", .number(0.001...1), .number(\.breaker.failureRate),
      "Share of failed calls that opens a breaker."),
    .init(
      "breaker.consecutive-failures", .integer(1...1_000_000), .integer(\.breaker.consecutiveFailures),
      "Failures in a row that open it, whatever the rate."),
    .init(
      "breaker.first-wait", .duration(span), .duration(\.breaker.firstWait),
      "How long an open breaker waits before it lets a probe through."),
    .init(
      "breaker.factor", .number(1...100), .number(\.breaker.factor),
      "By how much the wait grows with each round of probes that failed."),
    .init(
      "breaker.longest-wait", .duration(span), .duration(\.breaker.longestWait), "The longest wait between probes."),
    .init(
      "breaker.probes", .integer(1...1000), .integer(\.breaker.probes),
      "Probes at once, in all processes together."),
    .init(
      "breaker.successes-to-close", .integer(1...1000), .integer(\.breaker.successesToClose),
      "Probes that must succeed before it closes."),
    .init(
      "breaker.probe-life", .duration(span), .duration(\.breaker.probeLife),
      "How long a probe that does not report keeps its place; set it longer than a request may take."),
  ]
}
