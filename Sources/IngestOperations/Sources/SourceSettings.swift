package import IngestCore

/// What becomes of one setting that can be live or configured.
package enum LiveSetting<Value: Hashable & Sendable>: Hashable, Sendable {
  case set(Value)
  /// No such limit, whatever the configuration says.
  case lift
  /// What the configuration says.
  case reset
}

/// What is to change in a source's limits and weight, or in the limits of all sources. The limits change together or not at
/// all.
package struct SourceSettings: Sendable {
  /// Nil for limits that hold for all sources.
  package var source: String?
  /// Whether the limits are to hold for all sources. A request names a source or says this.
  package var isForAll: Bool
  package var throttle: LiveSetting<RateSpec>?
  /// In place of the throttle's own; alone, of the throttle in force.
  package var burst: Int?
  package var rateLimit: LiveSetting<RateSpec>?
  package var concurrency: LiveSetting<ConcurrencyLimit>?
  /// What the limits are counted by; nil for the source, or for the provider where its calls are counted.
  package var key: LimitKey?
  /// What the throttle counts; nil for jobs.
  package var unit: Limit.Unit?
  /// What the limits hold for besides the source.
  package var index = ""
  package var workflow = ""
  package var provider = ""
  /// Nil leaves the weight; ``LiveSetting/lift`` is no weight's.
  package var weight: LiveSetting<Double>?
  /// Forgets every live limit that is not set here, and the live weight.
  package var resetsAll = false
  /// Whether a source that no document came from yet is made.
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
        .permanent, code: "SOURCE_MISSING", "A weight is set, or a source created, for one source.",
        hint: "Name it in place of \(option: "all").", category: .invalid)
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

  /// The limit of this kind that the settings are about.
  func id(_ kind: Limit.Kind) -> Limit.ID {
    let unit = kind == .throttle ? unit ?? .jobs : .jobs
    return Limit.ID(kind, per: key ?? unit.standardKey, counting: unit, scope: scope)
  }

  /// The changes to limits; a burst alone changes the throttle in force.
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
      .permanent, code: "BURST_WITHOUT_THROTTLE", "There is no throttle that the burst could go beyond.",
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
