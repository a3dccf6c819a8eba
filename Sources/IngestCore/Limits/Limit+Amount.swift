extension Limit {
  /// The amount of a limit, by its kind.
  package enum Amount: Hashable, Sendable {
    case throttle(RateSpec)
    case rateLimit(RateSpec)
    case concurrency(ConcurrencyLimit)
  }
}

extension Limit.Amount {
  package var kind: Limit.Kind {
    switch self {
    case .throttle: .throttle
    case .rateLimit: .rateLimit
    case .concurrency: .concurrency
    }
  }

  /// Parses the form of ``description`` for this kind: `60/m burst 10`, or a number that may run at once.
  /// - Throws: ``PolicyError/correctLimit(_:problem:)``.
  package init(_ kind: Limit.Kind, _ text: String) throws(PolicyError) {
    switch kind {
    case .throttle: self = .throttle(try RateSpec(text))
    case .rateLimit: self = .rateLimit(try RateSpec(text))
    case .concurrency:
      guard let number = Int(text) else { throw .correctLimit(text, problem: "it is not a whole number") }
      self = .concurrency(try ConcurrencyLimit(number))
    }
  }
}

extension Limit.Amount: CustomStringConvertible {
  package var description: String {
    switch self {
    case .throttle(let rate), .rateLimit(let rate): rate.description
    case .concurrency(let most): "\(most.limit)"
    }
  }
}
