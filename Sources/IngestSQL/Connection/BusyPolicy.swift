/// The way a connection waits while another process writes.
///
/// Waits are short and random. SQLite's own backoff (`sqlite3_busy_timeout`) grows to 100 ms and starves the process
/// that has waited longest when several processes commit back to back.
package struct BusyPolicy: Sendable {
  /// The longest wait for one statement; after it the caller gets ``SQLError/busy(_:)``.
  package var limit: Duration = .seconds(30)
  /// The bounds of one wait.
  package var pause: ClosedRange<Duration> = .microseconds(250) ... .microseconds(750)
  /// Returns 64 random bits.
  package var random: @Sendable () -> UInt64 = {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
