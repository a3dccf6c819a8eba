/// How a process ended.
package enum ExitStatus: Hashable, Sendable {
  case exited(Int32)
  /// By this signal.
  case signalled(Int32)
}
