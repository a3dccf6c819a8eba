private import IngestCore

extension ConfigurationKey {
  static let sources: [ConfigurationKey] = [
    .init(
      source: "throttle", .rate, .rate(\.throttle),
      "The most jobs of the source that start per period; the others wait and spend no attempt."),
    .init(
      source: "burst", .integer(0...RateSpec.limits.upperBound), .integer(\.burst),
      "The number of extra jobs that may start at once after a quiet time; without it starts are evenly spaced."),
    .init(
      source: "concurrency", .integer(ConcurrencyLimit.limits), .slots(\.concurrency),
      "The most jobs of the source that run at once."),
    .init(
      source: "rate-limit", .rate, .rate(\.rateLimit),
      "The most submits accepted per period; a further submit is refused with the time of the next try."),
    .init(
      source: "weight", .number(ConfiguredFlow.Source.weights), .number(\.weight),
      "The source's share of the work beside other sources; 1 if not set."),
    .init(
      source: "paused", .bool, .bool(\.paused),
      "Whether the source's jobs wait for `ingestd source resume`; if not set, only `source pause` pauses them."),
  ]

  static let limits: [ConfigurationKey] = [
    .init(
      limit: "throttle", .rate, .rate(\.throttle),
      "Delays starts above this rate. An entry has exactly one of `throttle`, `rate-limit` and `concurrency`."),
    .init(limit: "rate-limit", .rate, .rate(\.rateLimit), "Refuses submits above this rate."),
    .init(
      limit: "concurrency", .integer(ConcurrencyLimit.limits), .slots(\.concurrency),
      "The most jobs or steps that run at once."),
    .init(
      limit: "per", .limitKey,
      .init(get: { .text($0.key.description) }, set: { $0.per = $1.text.flatMap { try? LimitKey($0) } }),
      "The limit's key: each value has its own limit. By default `source`, or `provider` for requests and tokens."),
    .init(
      limit: "counts", .choice(Limit.Unit.allCases.map(\.rawValue)),
      .init(get: { .text($0.unit.rawValue) }, set: { $0.counts = $1.text.flatMap(Limit.Unit.init) }),
      "The unit of the limit: starts of jobs or steps, or a provider's requests or tokens."),
    .init(limit: "source", .label(maximum: NameRule.longestSource), .text(\.source), "Limits only this source."),
    .init(limit: "index", .label(maximum: NameRule.longestIndex), .text(\.index), "Limits only this index."),
    .init(limit: "workflow", .name, .text(\.workflow), "Limits only this workflow."),
    .init(limit: "provider", .name, .text(\.provider), "Limits only this embedder."),
  ]
}
