/// A keyed limit: its amount, what it counts, its scope, and its origin. The same value goes from the configuration
/// file or the command line to the row, and from the row to the gate and the report.
///
/// Every value is valid: its amount is within bounds, and its parts do not contradict each other (``ID/misfits``).
package struct Limit: Hashable, Sendable {
  /// The identity of the limit, which does not depend on its amount.
  package let id: ID
  package let amount: Amount
  package private(set) var origin: Origin

  /// Checks that the parts of the limit do not contradict each other.
  /// - Throws: ``PolicyError/changeLimit(_:)``.
  package init(
    _ amount: Amount, per key: LimitKey, counting unit: Unit = .jobs, scope: LimitScope = LimitScope(), origin: Origin
  ) throws(PolicyError) {
    try self.init(ID(amount.kind, per: key, counting: unit, scope: scope), amount, origin: origin)
  }

  private init(_ id: ID, _ amount: Amount, origin: Origin) throws(PolicyError) {
    let misfits = id.misfits
    guard misfits.isEmpty else { throw .changeLimit(misfits) }
    self.id = id
    self.amount = amount
    self.origin = origin
  }

  /// The same limit, set live.
  package var live: Limit {
    var copy = self
    copy.origin = .live
    return copy
  }

  /// The key whose values are counted separately.
  package var key: LimitKey { id.key }
  package var unit: Unit { id.unit }
  /// The scope in which the limit applies.
  package var scope: LimitScope { id.scope }

  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Delays work; waiting spends no attempt.
    case throttle
    /// Refuses a submit above the limit. It uses the same bucket as a throttle; the bucket's wait is the time to try
    /// again.
    case rateLimit = "rate-limit"
    /// Limits how many jobs run at once. Jobs that wait or sleep hold no slot.
    case concurrency
  }

  package enum Unit: String, Codable, Sendable, CaseIterable {
    /// Each time a worker claims a job.
    case jobs
    /// Each attempt of a step.
    case steps
    /// Calls to a provider. They are never refunded.
    case requests
    /// The tokens of calls, as the step reports them: estimated before the call, settled after it.
    case tokens

    /// Whether it is counted when a provider is called, where no source, index or workflow is known.
    package var isOfCalls: Bool {
      switch self {
      case .jobs, .steps: false
      case .requests, .tokens: true
      }
    }

    /// The key of a limit that gives none.
    package var standardKey: LimitKey { isOfCalls ? .provider : .source }
  }
}

/// The origin of a limit or a schedule.
package enum Origin: String, Codable, Sendable {
  /// The configuration file.
  case configuration
  /// A person, while workers run. It wins over the file.
  case live
}
