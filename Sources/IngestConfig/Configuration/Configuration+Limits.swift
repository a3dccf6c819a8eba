package import IngestCore

extension Configuration {
  /// What one source may take.
  package struct Source: Hashable, Sendable {
    package var throttle: RateSpec?
    /// In place of the throttle's own.
    package var burst: Int?
    package var concurrency: Int?
    package var rateLimit: RateSpec?
    /// Nil for 1.
    package var weight: Double?
    /// Nil leaves it to whoever pauses and resumes.
    package var paused: Bool?

    package static let weights = 0.01...1000
  }

  /// One limit of any kind, by any key. Exactly one of `throttle`, `rateLimit` and `concurrency` is set.
  package struct Limit: Hashable, Sendable {
    package var throttle: RateSpec?
    package var rateLimit: RateSpec?
    package var concurrency: Int?
    package var per: LimitKey?
    package var counts: Throttle.Unit?
    package var source: String?
    package var index: String?
    package var workflow: String?
    package var provider: String?

    /// What it is counted by where nothing is said: calls to a provider by the provider, all else by the source.
    package var key: LimitKey { per ?? (unit.isOfCalls ? .provider : .source) }
    package var unit: Throttle.Unit { counts ?? .jobs }
  }

  /// What the store takes over when a process starts.
  /// - Throws: ``PolicyError`` for a burst that its throttle cannot have, which ``load(file:environment:flags:)`` refuses.
  package func flow() throws(PolicyError) -> ConfiguredFlow {
    var rules: [LimitRule] = []
    for (name, source) in sources.sorted(by: { $0.key < $1.key }) { rules += try source.rules(name) }
    for limit in limits { rules += limit.rule.map { [$0] } ?? [] }
    let written = Set(rules.map(Identity.init))
    // Who writes a limit out in full means it, whatever the embedder says.
    rules += providerLimits.filter { !written.contains(Identity($0)) }
    let named = sources.sorted { $0.key < $1.key }.map { name, source in
      ConfiguredFlow.Source(name: name, weight: source.weight, paused: source.paused)
    }
    return ConfiguredFlow(limits: rules, sources: named)
  }
}

extension Configuration.Source {
  /// The throttle with the burst put in.
  func rate() throws(PolicyError) -> RateSpec? {
    guard let throttle, let burst else { return throttle }
    return try RateSpec(limit: throttle.limit, period: throttle.period, burst: burst)
  }

  fileprivate func rules(_ name: String) throws(PolicyError) -> [LimitRule] {
    func rule(_ kind: LimitRule.Kind, _ spec: String?) -> LimitRule? {
      spec.map {
        LimitRule(kind: kind, key: .source, scope: .init(source: name), spec: $0, origin: .configuration)
      }
    }
    return [
      rule(.throttle, try rate()?.description), rule(.rateLimit, rateLimit?.description),
      rule(.concurrency, concurrency.map { "\($0)" }),
    ].compactMap { $0 }
  }
}

extension Configuration.Limit {
  /// As a rule; nil while it limits nothing.
  var rule: LimitRule? {
    let said: (LimitRule.Kind, String)? =
      if let throttle { (.throttle, throttle.description) } else if let rateLimit {
        (.rateLimit, rateLimit.description)
      } else if let concurrency { (.concurrency, "\(concurrency)") } else { nil }
    return said.map { kind, spec in
      LimitRule(
        kind: kind, key: key, unit: unit,
        scope: .init(source: source ?? "", index: index ?? "", workflow: workflow ?? "", provider: provider ?? ""),
        spec: spec, origin: .configuration)
    }
  }
}
