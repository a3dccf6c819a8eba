/// The way in which a process ended.
package enum ExitStatus: Hashable, Sendable {
  case exited(Int32)
  /// This signal ended it.
  case signalled(Int32)
}
