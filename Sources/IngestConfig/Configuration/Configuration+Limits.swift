package import IngestCore

extension Configuration {
  /// The limits and the weight of one source.
  package struct Source: Hashable, Sendable {
    package var throttle: RateSpec?
    /// Replaces the throttle's own burst.
    package var burst: Int?
    package var concurrency: ConcurrencyLimit?
    package var rateLimit: RateSpec?
    /// Nil means 1.
    package var weight: Double?
    /// Nil leaves the state that users set by pause and resume.
    package var paused: Bool?
  }

  /// One entry of `limits:`, key by key as it is read. ``limit()`` converts it to a limit.
  struct LimitFields: Hashable, Sendable {
    var throttle: RateSpec?
    var rateLimit: RateSpec?
    var concurrency: ConcurrencyLimit?
    var per: LimitKey?
    var counts: Limit.Unit?
    var source: String?
    var index: String?
    var workflow: String?
    var provider: String?

    /// The key by which the limit counts. The default is the provider for calls to a provider, and the source for all
    /// else.
    var key: LimitKey { per ?? unit.standardKey }
    var unit: Limit.Unit { counts ?? .jobs }

    private var scope: LimitScope {
      LimitScope(source: source ?? "", index: index ?? "", workflow: workflow ?? "", provider: provider ?? "")
    }

    /// Nil if the entry limits nothing. A valid file has exactly one of the three, which ``ConfigurationLayers``
    /// checks.
    private var amount: Limit.Amount? {
      throttle.map { .throttle($0) } ?? rateLimit.map { .rateLimit($0) } ?? concurrency.map { .concurrency($0) }
    }

    /// Nil if the entry limits nothing.
    var id: Limit.ID? { amount.map { Limit.ID($0.kind, per: key, counting: unit, scope: scope) } }

    /// Returns the limit. Nil if the entry limits nothing.
    /// - Throws: ``PolicyError/changeLimit(_:)``.
    func limit() throws(PolicyError) -> Limit? {
      guard let amount else { return nil }
      return try Limit(amount, per: key, counting: unit, scope: scope, origin: .configuration)
    }
  }

  /// Returns the limits, weights and pauses that the store adopts when a process starts.
  /// - Throws: ``PolicyError`` for a limit that cannot be enforced, which ``load(file:environment:flags:)`` would
  ///   refuse.
  package func flow() throws(PolicyError) -> ConfiguredFlow {
    var limits: [Limit] = []
    for (name, source) in sources.sorted(by: { $0.key < $1.key }) { limits += try source.limits(name) }
    for fields in limitFields { limits += try fields.limit().map { [$0] } ?? [] }
    let written = Set(limits.map(\.id))
    // A limit under `limits:` wins over the settings of its embedder.
    limits += try providerLimits().filter { !written.contains($0.id) }
    let named = sources.sorted { $0.key < $1.key }.map { name, source in
      ConfiguredFlow.Source(name: name, weight: source.weight, paused: source.paused)
    }
    return ConfiguredFlow(limits: limits, sources: named)
  }

  /// Returns the embedders' `requests-per-minute` and `tokens-per-minute` as limits.
  private func providerLimits() throws(PolicyError) -> [Limit] {
    var limits: [Limit] = []
    for (name, settings) in embedders.sorted(by: { $0.key < $1.key }) {
      for (unit, rate) in [(Limit.Unit.requests, settings.requestLimit), (.tokens, settings.tokenLimit)] {
        guard let rate else { continue }
        limits.append(
          try Limit(
            .throttle(rate), per: .provider, counting: unit, scope: .init(provider: name), origin: .configuration))
      }
    }
    return limits
  }
}

extension Configuration.Source {
  /// Returns the throttle, with `burst` as its burst if one is set.
  func rate() throws(PolicyError) -> RateSpec? {
    guard let throttle, let burst else { return throttle }
    return try RateSpec(limit: throttle.limit, period: throttle.period, burst: burst)
  }

  fileprivate func limits(_ name: String) throws(PolicyError) -> [Limit] {
    var limits: [Limit] = []
    func add(_ amount: Limit.Amount?) throws(PolicyError) {
      guard let amount else { return }
      limits.append(try Limit(amount, per: .source, scope: .init(source: name), origin: .configuration))
    }
    try add(rate().map { .throttle($0) })
    try add(rateLimit.map { .rateLimit($0) })
    try add(concurrency.map { .concurrency($0) })
    return limits
  }
}
