/// Lets one process at a time do work that one is enough for. It ends with its holder's process, so everything done under it
/// may be left at any point.
package protocol SoleUpkeepLock: Sendable {
  /// Runs the body, unless another process holds the lock.
  /// - Returns: whether it ran.
  @discardableResult
  func whileAlone(_ body: () async throws -> Void) async throws -> Bool
}
