private import IngestCore

extension ConfigurationKey {
  static let sources: [ConfigurationKey] = [
    .init(
      source: "throttle", .rate, .rate(\.throttle),
      "How many of its jobs start in a time; the rest wait, and spend no attempt."),
    .init(
      source: "burst", .integer(0...RateSpec.limits.upperBound), .integer(\.burst),
      "How many more may start at once after a rest; without it they are evenly spaced."),
    .init(
      source: "concurrency", .integer(ConcurrencyLimit.limits), .slots(\.concurrency),
      "Its jobs that run at once."),
    .init(
      source: "rate-limit", .rate, .rate(\.rateLimit),
      "How many submits are accepted in a time; one past it is refused and told when to come again."),
    .init(
      source: "weight", .number(ConfiguredFlow.Source.weights), .number(\.weight),
      "Its share beside other sources that have work; 1 where nothing is said."),
    .init(
      source: "paused", .bool, .bool(\.paused),
      "Whether its jobs wait for `ingestd source resume`; unsaid, that is left to people."),
  ]

  static let limits: [ConfigurationKey] = [
    .init(limit: "throttle", .rate, .rate(\.throttle), "Delays what is past it. Each entry has one of the three."),
    .init(limit: "rate-limit", .rate, .rate(\.rateLimit), "Refuses submits past it."),
    .init(
      limit: "concurrency", .integer(ConcurrencyLimit.limits), .slots(\.concurrency), "How many run at once."),
    .init(
      limit: "per", .limitKey,
      .init(get: { .text($0.key.description) }, set: { $0.per = $1.text.flatMap { try? LimitKey($0) } }),
      "What it is counted by: each value has a limit of its own. `source`, or `provider` for requests and tokens."),
    .init(
      limit: "counts", .choice(Limit.Unit.allCases.map(\.rawValue)),
      .init(get: { .text($0.unit.rawValue) }, set: { $0.counts = $1.text.flatMap(Limit.Unit.init) }),
      "What it counts: starts of jobs or of steps, or a provider's requests or tokens."),
    .init(limit: "source", .label(maximum: NameRule.longestSource), .text(\.source), "Only for this source."),
    .init(limit: "index", .label(maximum: NameRule.longestIndex), .text(\.index), "Only for this index."),
    .init(limit: "workflow", .name, .text(\.workflow), "Only for this workflow."),
    .init(limit: "provider", .name, .text(\.provider), "Only for what this embedder is asked for."),
  ]
}
