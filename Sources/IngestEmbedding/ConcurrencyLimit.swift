private import Synchronization

/// A limit on the number of concurrent calls. Further calls wait in order of arrival; cancellation ends a wait.
final class ConcurrencyLimit: Sendable {
  private struct State {
    var free: Int
    var nextTicket = 0
    var waiting: [(ticket: Int, turn: CheckedContinuation<Bool, Never>)] = []
    /// The tickets of tasks that were cancelled before their wait began.
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  init(_ width: Int) { state = Mutex(State(free: max(1, width))) }

  func run<T>(_ body: () async throws -> T) async throws -> T {
    try await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async throws {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    let entered = await withTaskCancellationHandler {
      await withCheckedContinuation { turn in
        let now: Bool? = state.withLock { state in
          if state.cancelled.remove(ticket) != nil { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append((ticket, turn))
          return nil
        }
        if let now { turn.resume(returning: now) }
      }
    } onCancel: {
      let turn = state.withLock { state in
        guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
          state.cancelled.insert(ticket)
          return nil as CheckedContinuation<Bool, Never>?
        }
        return state.waiting.remove(at: place).turn
      }
      turn?.resume(returning: false)
    }
    // A cancellation after the task's turn also inserted its ticket.
    state.withLock { _ = $0.cancelled.remove(ticket) }
    if !entered { throw CancellationError() }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().turn
    }
    next?.resume(returning: true)
  }
}
