/// Wakes the workers of every process that shares a store, after a commit that made work due or cancelled some.
///
/// A signal carries nothing: its receiver queries the store. One may be lost, so a slow poll stays beneath. On one
/// machine it is a file that is touched; on PostgreSQL it is `NOTIFY`.
package protocol WakeSignal: Sendable {
  /// Wakes everyone who listens, in this process too. Call it after the commit, never before.
  func signal()
  /// One element for each signal from now on; several may come as one. Ends where nothing can be watched.
  func wakes() -> AsyncStream<Void>
}
