private import CSystem
// A dispatch source is safe to use from any thread, although its protocol is not marked `Sendable`.
@preconcurrency private import Dispatch
private import Glibc
private import Synchronization

/// A watch on a process that is not a child of this one.
package enum ProcessWatch {
  package enum Outcome: Hashable, Sendable {
    /// The process has ended, now or earlier.
    case ended
    /// The kernel does not allow this process to watch it.
    case unwatchable
    /// The waiting task was cancelled.
    case cancelled
  }

  /// Waits until the process with this number has ended. After a death a new process can get the same number, so watch
  /// only a process whose lock or lease is still fresh.
  package static func end(of pid: Int32) async -> Outcome {
    let pidfd = ingestd_pidfd_open(pid)
    guard pidfd >= 0 else { return errno == ESRCH ? .ended : .unwatchable }
    let pending = Mutex<Pending>(Pending())
    let source = DispatchSource.makeReadSource(fileDescriptor: pidfd, queue: .global(qos: .userInitiated))
    source.setCancelHandler { close(pidfd) }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let finish: @Sendable (Outcome) -> Void = { outcome in
          source.cancel()
          continuation.resume(returning: outcome)
        }
        let cancelled = pending.withLock { state in
          if !state.cancelled { state.finish = finish }
          return state.cancelled
        }
        source.setEventHandler { pending.withLock { $0.take() }?(.ended) }
        source.activate()
        if cancelled { finish(.cancelled) }
      }
    } onCancel: {
      pending.withLock { state in
        state.cancelled = true
        return state.take()
      }?(.cancelled)
    }
  }

  private struct Pending {
    var cancelled = false
    var finish: (@Sendable (Outcome) -> Void)?

    /// Returns the continuation's closure to the first caller and nil to all others, so it is resumed once.
    mutating func take() -> (@Sendable (Outcome) -> Void)? {
      defer { finish = nil }
      return finish
    }
  }
}
