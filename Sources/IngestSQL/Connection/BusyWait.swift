internal import Glibc

/// The waits of one connection, used by SQLite's busy handler.
final class BusyWait {
  private let policy: BusyPolicy
  /// The longest total wait; the policy's limit at first.
  var limit: Duration
  private var since: ContinuousClock.Instant = .now

  init(_ policy: BusyPolicy) {
    self.policy = policy
    limit = policy.limit
  }

  /// Starts the time that counts towards the limit.
  func begin() {
    since = .now
  }

  /// Waits once, unless the limit has passed.
  /// - Returns: whether another try is allowed.
  func pause() -> Bool {
    guard ContinuousClock.now - since < limit else { return false }
    let fraction = Double(policy.random() >> 11) * 0x1p-53
    let span = policy.pause.lowerBound + (policy.pause.upperBound - policy.pause.lowerBound) * fraction
    let (seconds, attoseconds) = span.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    nanosleep(&time, nil)
    return true
  }

  /// Runs `body` until it no longer fails because of a lock. For operations in which SQLite does not call its busy
  /// handler (switching to WAL, recovery).
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
