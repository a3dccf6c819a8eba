/// How many may run at once.
package struct ConcurrencyLimit: Hashable, Sendable {
  package let limit: Int

  package static let limits = 1...1_000_000

  /// - Throws: ``PolicyError/correctLimit(_:problem:)`` for a limit below 1 or above a million.
  package init(_ limit: Int) throws(PolicyError) {
    guard Self.limits.contains(limit) else {
      throw .correctLimit("\(limit)", problem: "how many run at once is from 1 to 1000000; to stop a source, pause it")
    }
    self.limit = limit
  }

  /// The nearest one within the bounds.
  package init(clamping limit: Int) {
    self.limit = min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)
  }

  /// How many more may start while `running` do; a limit that was lowered lets those that run end.
  package func free(running: Int) -> Int { max(0, limit - running) }
}
