/// A lock for work that one process does for all. The lock ends with its holder's process, so the work may stop at any
/// point.
package protocol SoleUpkeepLock: Sendable {
  /// Runs the body, unless another process holds the lock.
  /// - Returns: whether it ran.
  @discardableResult
  func whileAlone(_ body: () async throws -> Void) async throws -> Bool
}
