/// What a limit is counted by: each value of the key has a bucket or a count of its own.
package enum LimitKey: Hashable, Sendable {
  case source, index, workflow, provider, tenant, document
  /// One entry of the document's metadata, such as `meta.team`; documents without it share the bucket of "".
  case meta(String)

  private static let plain: [(name: String, key: LimitKey)] = [
    ("source", .source), ("index", .index), ("workflow", .workflow), ("provider", .provider), ("tenant", .tenant),
    ("document", .document),
  ]

  /// - Throws: ``PolicyError/correctLimit(_:problem:)``.
  package init(_ text: String) throws(PolicyError) {
    if text.hasPrefix("meta."), text.utf8.count > 5 {
      self = .meta(String(text.dropFirst(5)))
      return
    }
    guard let known = Self.plain.first(where: { $0.name == text }) else {
      let names = Self.plain.map(\.name).joined(separator: ", ")
      let near = nearestName(to: text, among: Self.plain.map(\.name)).map { "; did you mean \($0)?" } ?? ""
      throw .correctLimit(text, problem: "its key is none of \(names), meta.NAME\(near)")
    }
    self = known.key
  }
}

extension LimitKey: CustomStringConvertible {
  package var description: String {
    if case .meta(let name) = self { return "meta." + name }
    return Self.plain.first { $0.key == self }?.name ?? ""
  }
}

extension LimitKey: Codable {
  package init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A keyed limit that delays work; waiting spends no attempt.
package struct Throttle: Hashable, Sendable {
  package var rate: RateSpec
  package var key: LimitKey
  package var unit: Unit

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
  }

  package init(_ rate: RateSpec, per key: LimitKey = .source, counting unit: Unit = .jobs) {
    self.rate = rate
    self.key = key
    self.unit = unit
  }
}

/// A keyed limit that refuses a submit past it. It is the same bucket as a throttle's; its wait is when to try again.
package struct RateLimit: Hashable, Sendable {
  package var rate: RateSpec
  package var key: LimitKey

  package init(_ rate: RateSpec, per key: LimitKey = .source) {
    self.rate = rate
    self.key = key
  }
}

/// How many steps may run at once, per key; waiting and sleeping jobs hold no slot.
package struct ConcurrencyLimit: Hashable, Sendable {
  package let limit: Int
  package let key: LimitKey

  package static let limits = 1...1_000_000

  /// - Throws: ``PolicyError/correctLimit(_:problem:)`` for a limit below 1 or above a million.
  package init(_ limit: Int, per key: LimitKey = .source) throws(PolicyError) {
    guard Self.limits.contains(limit) else {
      throw .correctLimit("\(limit)", problem: "how many run at once is from 1 to 1000000; to stop a source, pause it")
    }
    self.limit = limit
    self.key = key
  }

  /// How many more may start while `running` do; a limit that was lowered lets those that run end.
  package func free(running: Int) -> Int { max(0, limit - running) }
}
