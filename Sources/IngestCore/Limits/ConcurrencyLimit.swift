/// A limit on how many jobs or steps run at once.
package struct ConcurrencyLimit: Hashable, Sendable {
  package let limit: Int

  package static let limits = 1...1_000_000

  /// Checks the limit.
  /// - Throws: ``PolicyError/correctLimit(_:problem:)`` for a limit below 1 or above a million.
  package init(_ limit: Int) throws(PolicyError) {
    guard Self.limits.contains(limit) else {
      throw .correctLimit("\(limit)", problem: "it must be from 1 to 1000000; to stop a source, pause it")
    }
    self.limit = limit
  }

  /// Makes the nearest limit within the bounds.
  package init(clamping limit: Int) {
    self.limit = min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)
  }

  /// Returns how many more may start while `running` run. After a limit was lowered, running ones still end normally.
  package func free(running: Int) -> Int { max(0, limit - running) }
}
