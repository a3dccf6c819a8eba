package import IngestCore

/// A change of one setting that can be live or configured.
package enum LiveSetting<Value: Hashable & Sendable>: Hashable, Sendable {
  case set(Value)
  /// No limit, regardless of the configuration.
  case lift
  /// Back to the configured value.
  case reset
}

/// A change of a source's limits and weight, or of the limits of all sources. The limits change together or not at all.
package struct SourceSettings: Sendable {
  /// Nil for limits of all sources.
  package var source: String?
  /// Whether the request is for all sources. A request names a source or sets this.
  package var isForAll: Bool
  package var throttle: LiveSetting<RateSpec>?
  /// Replaces the burst of ``throttle``; without one, the burst of the throttle in force.
  package var burst: Int?
  package var rateLimit: LiveSetting<RateSpec>?
  package var concurrency: LiveSetting<ConcurrencyLimit>?
  /// The key by which the limits count; nil for the source, or for the provider if its calls are counted.
  package var key: LimitKey?
  /// The unit that the throttle counts; nil for jobs.
  package var unit: Limit.Unit?
  /// These narrow the limits further than the source; empty means any.
  package var index = ""
  package var workflow = ""
  package var provider = ""
  /// Nil keeps the weight. ``LiveSetting/lift`` has the effect of ``LiveSetting/reset``.
  package var weight: LiveSetting<Double>?
  /// Whether to reset every live limit that is not set here, and the live weight.
  package var resetsAll = false
  /// Whether to create a source that no document has come from yet.
  package var creates = false

  package init(source: String?, isForAll: Bool = false) {
    self.source = source
    self.isForAll = isForAll
  }

  /// Checks what can be checked without a data folder.
  /// - Throws: `SOURCE_MISSING`, `SOURCE_AND_ALL`, `NOTHING_TO_SET`.
  package func check() throws(Failure) {
    try TargetChoice.sources.require(isNamed: source != nil, isChosen: isForAll)
    if isForAll, weight != nil || creates {
      throw Failure(
        .permanent, code: "SOURCE_MISSING", "A weight can be set, or a source created, for one source only.",
        hint: "Name the source instead of \(option: "all").", category: .invalid)
    }
    let sets = throttle != nil || burst != nil || rateLimit != nil || concurrency != nil || weight != nil
    guard sets || resetsAll || creates else {
      throw Failure(
        .permanent, code: "NOTHING_TO_SET", "The request sets nothing.",
        hint: "\(Action(.sourceSet, with: ["h": nil])) lists what can be set.", category: .invalid)
    }
  }

  var scope: LimitScope {
    LimitScope(source: source ?? "", index: index, workflow: workflow, provider: provider)
  }

  /// Returns the id of the limit of this kind that the settings change.
  func id(_ kind: Limit.Kind) -> Limit.ID {
    let unit = kind == .throttle ? unit ?? .jobs : .jobs
    return Limit.ID(kind, per: key ?? unit.standardKey, counting: unit, scope: scope)
  }

  /// Returns the changes of limits. A burst alone changes the throttle in force.
  /// - Throws: `BURST_TWICE`, `BURST_WITHOUT_THROTTLE`, `LIMIT_INVALID`.
  func changes(inForce: LimitEntry?) throws -> [LimitChange] {
    var changes: [LimitChange] = []
    if let setting = try throttle(inForce: inForce) {
      changes.append(try setting.change(of: id(.throttle)) { .throttle($0) })
    }
    if let rateLimit { changes.append(try rateLimit.change(of: id(.rateLimit)) { .rateLimit($0) }) }
    if let concurrency { changes.append(try concurrency.change(of: id(.concurrency)) { .concurrency($0) }) }
    return changes
  }

  private func throttle(inForce: LimitEntry?) throws -> LiveSetting<RateSpec>? {
    guard let burst else { return throttle }
    func set(_ rate: RateSpec) throws -> LiveSetting<RateSpec> {
      .set(try RateSpec(limit: rate.limit, period: rate.period, burst: burst))
    }
    switch throttle {
    case .set(let rate)? where rate.burst > 0 && rate.burst != burst:
      throw Failure(
        .permanent, code: "BURST_TWICE", "The burst is given twice: \(rate), and \(burst).",
        hint: "Leave one of them out.", category: .invalid)
    case .set(let rate)?: return try set(rate)
    case .lift?, .reset?: break
    case nil: if case .throttle(let rate)? = inForce?.limit?.amount { return try set(rate) }
    }
    throw Failure(
      .permanent, code: "BURST_WITHOUT_THROTTLE", "There is no throttle to which the burst can be added.",
      hint: "Give \(option: "throttle", "60/m") with it.", category: .invalid)
  }
}

extension LiveSetting {
  fileprivate func change(
    of id: Limit.ID, _ amount: (Value) -> Limit.Amount
  ) throws(PolicyError) -> LimitChange {
    switch self {
    case .set(let value):
      .set(try Limit(amount(value), per: id.key, counting: id.unit, scope: id.scope, origin: .live))
    case .lift: .lift(id)
    case .reset: .reset(id)
    }
  }
}
