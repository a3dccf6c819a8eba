import IngestCore
private import Synchronization

/// A signal that wakes one waiting task. Signals that arrive while no task waits are kept as one signal.
final class LocalWakeSignal: Sendable {
  private struct State {
    var isSignalled = false
    var waiter: (id: UInt64, continuation: CheckedContinuation<Void, Never>)?
    var nextID: UInt64 = 0
  }

  private let state = Mutex(State())

  func signal() {
    let waiter = state.withLock { state in
      let waiter = state.waiter?.continuation
      state.waiter = nil
      if waiter == nil { state.isSignalled = true }
      return waiter
    }
    waiter?.resume()
  }

  /// Returns after a signal, when `limit` has passed, or when the task is cancelled.
  func wait(atMost limit: Duration, clock: any TimeSource) async {
    if takeSignal() { return }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask { try? await clock.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Returns after a signal or when the task is cancelled.
  func wait() async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isSignalled || Task.isCancelled {
            state.isSignalled = false
            return true
          }
          state.waiter = (id, continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        guard state.waiter?.id == id else { return nil as CheckedContinuation<Void, Never>? }
        defer { state.waiter = nil }
        return state.waiter?.continuation
      }
      waiter?.resume()
    }
  }

  private func takeSignal() -> Bool {
    state.withLock { state in
      defer { state.isSignalled = false }
      return state.isSignalled
    }
  }
}
