package import IngestCore

extension Configuration {
  /// What one source may take.
  package struct Source: Hashable, Sendable {
    package var throttle: RateSpec?
    /// In place of the throttle's own.
    package var burst: Int?
    package var concurrency: ConcurrencyLimit?
    package var rateLimit: RateSpec?
    /// Nil for 1.
    package var weight: Double?
    /// Nil leaves it to whoever pauses and resumes.
    package var paused: Bool?
  }

  /// One entry of `limits:`, key by key as it is read. ``limit()`` makes the limit of it.
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

    /// What it is counted by where nothing is said: calls to a provider by the provider, all else by the source.
    var key: LimitKey { per ?? unit.standardKey }
    var unit: Limit.Unit { counts ?? .jobs }

    private var scope: LimitScope {
      LimitScope(source: source ?? "", index: index ?? "", workflow: workflow ?? "", provider: provider ?? "")
    }

    /// Nil while it limits nothing. The file has exactly one of the three; ``ConfigurationLayers`` checks it.
    private var amount: Limit.Amount? {
      throttle.map { .throttle($0) } ?? rateLimit.map { .rateLimit($0) } ?? concurrency.map { .concurrency($0) }
    }

    /// Nil while it limits nothing.
    var id: Limit.ID? { amount.map { Limit.ID($0.kind, per: key, counting: unit, scope: scope) } }

    /// Nil while it limits nothing.
    /// - Throws: ``PolicyError/changeLimit(_:)``.
    func limit() throws(PolicyError) -> Limit? {
      guard let amount else { return nil }
      return try Limit(amount, per: key, counting: unit, scope: scope, origin: .configuration)
    }
  }

  /// What the store takes over when a process starts.
  /// - Throws: ``PolicyError`` for a limit that cannot be kept, which ``load(file:environment:flags:)`` refuses.
  package func flow() throws(PolicyError) -> ConfiguredFlow {
    var limits: [Limit] = []
    for (name, source) in sources.sorted(by: { $0.key < $1.key }) { limits += try source.limits(name) }
    for fields in limitFields { limits += try fields.limit().map { [$0] } ?? [] }
    let written = Set(limits.map(\.id))
    // A limit that is written out in full wins over what its embedder says.
    limits += try providerLimits().filter { !written.contains($0.id) }
    let named = sources.sorted { $0.key < $1.key }.map { name, source in
      ConfiguredFlow.Source(name: name, weight: source.weight, paused: source.paused)
    }
    return ConfiguredFlow(limits: limits, sources: named)
  }

  /// The embedders' `requests-per-minute` and `tokens-per-minute` as limits.
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
  /// The throttle with the burst put in.
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
