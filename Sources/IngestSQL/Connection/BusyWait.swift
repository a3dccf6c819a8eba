internal import Glibc

/// The waits of one connection, handed to SQLite's busy handler.
final class BusyWait {
  private let policy: BusyPolicy
  /// Beginning with the policy's.
  var limit: Duration
  private var since: ContinuousClock.Instant = .now

  init(_ policy: BusyPolicy) {
    self.policy = policy
    limit = policy.limit
  }

  /// Starts counting towards the limit.
  func begin() {
    since = .now
  }

  /// Waits once. - Returns: whether the limit leaves another try.
  func pause() -> Bool {
    guard ContinuousClock.now - since < limit else { return false }
    let fraction = Double(policy.random() >> 11) * 0x1p-53
    let span = policy.pause.lowerBound + (policy.pause.upperBound - policy.pause.lowerBound) * fraction
    let (seconds, attoseconds) = span.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    nanosleep(&time, nil)
    return true
  }

  /// Runs `body` until it no longer fails because of a lock, for the places where SQLite does not ask its busy handler
  /// (switching to WAL, recovery).
  func retry<T>(_ body: () throws(SQLError) -> T) throws(SQLError) -> T {
    begin()
    while true {
      do {
        return try body()
      } catch {
        guard error.isBusy, pause() else { throw error }
      }
    }
  }
}
