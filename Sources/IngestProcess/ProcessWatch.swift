private import CSystem
// A dispatch source is safe to use from any thread; only its protocol is not marked so.
@preconcurrency private import Dispatch
private import Glibc
private import Synchronization

/// Waits for the end of a process that is not our child.
package enum ProcessWatch {
  package enum Outcome: Hashable, Sendable {
    /// It has ended, or had before.
    case ended
    /// The kernel does not let us watch it.
    case unwatchable
    /// The waiting task was cancelled.
    case cancelled
  }

  /// Returns when the process with this number has ended. A number can be given to a new process after a death, so ask
  /// only about one whose lock or lease is still fresh.
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

    /// Whoever takes it resumes, once.
    mutating func take() -> (@Sendable (Outcome) -> Void)? {
      defer { finish = nil }
      return finish
    }
  }
}
