/// A signal that wakes the workers of every process that shares a store, after a commit that made work due or cancelled
/// jobs.
///
/// A signal carries no data: its receiver queries the store. One may be lost, so workers also poll slowly. On one
/// machine it is a file that is touched; on PostgreSQL it is `NOTIFY`.
package protocol WakeSignal: Sendable {
  /// Wakes every listener, in this process too. Call it after the commit, never before.
  func signal()
  /// Returns a stream with one element for each signal from now on; several signals may arrive as one. The stream ends
  /// where signals cannot be watched.
  func wakes() -> AsyncStream<Void>
}
