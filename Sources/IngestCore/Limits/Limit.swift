/// A keyed limit: how much, of what, for whom, and who said so. This one value goes from the configuration file or the command
/// line to the row, and from the row to the gate and the report.
///
/// A value that exists can be kept: its amount has bounds, and its parts go together (``ID/misfits``).
package struct Limit: Hashable, Sendable {
  /// Which limit it is, whatever its amount.
  package let id: ID
  package let amount: Amount
  package private(set) var origin: Origin

  /// - Throws: ``PolicyError/changeLimit(_:)`` for parts that do not go together.
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

  /// The same limit, said live.
  package var live: Limit {
    var copy = self
    copy.origin = .live
    return copy
  }

  /// What it is counted by.
  package var key: LimitKey { id.key }
  package var unit: Unit { id.unit }
  /// What it holds for.
  package var scope: LimitScope { id.scope }

  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Delays work; waiting spends no attempt.
    case throttle
    /// Refuses a submit past it. It is the same bucket as a throttle's; its wait is when to try again.
    case rateLimit = "rate-limit"
    /// How many jobs may run at once; waiting and sleeping ones hold no slot.
    case concurrency
  }

  package enum Unit: String, Codable, Sendable, CaseIterable {
    /// Each time a job is taken up from the queue.
    case jobs
    /// Each attempt of a step.
    case steps
    /// Calls to a provider; never given back.
    case requests
    /// What a step says its calls weigh: estimated before, settled after.
    case tokens

    /// Whether an unused take is given back.
    package var isSettled: Bool { self == .tokens }

    /// Whether it is counted where a provider is called, which knows of no source, index or workflow.
    package var isOfCalls: Bool {
      switch self {
      case .jobs, .steps: false
      case .requests, .tokens: true
      }
    }

    /// The key of a limit that names none.
    package var standardKey: LimitKey { isOfCalls ? .provider : .source }
  }
}

/// Who said a limit or a schedule.
package enum Origin: String, Codable, Sendable {
  /// The configuration file.
  case configuration
  /// A person, while workers run; it wins over the file.
  case live
}
