package import IngestCore
private import Synchronization

/// A clock that moves only when a test advances it. Sleepers wake in the order of their times.
package final class ManualClock: TimeSource {
  private struct Sleeper {
    var until: Int64
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var elapsed: Int64 = 0
    var nextID = 0
    var sleepers: [Int: Sleeper] = [:]
  }

  private let state = Mutex(State())
  private let start: Timestamp
  package let bootID: String

  package init(start: Timestamp = Timestamp(rawValue: 1_700_000_000_000_000), bootID: String = "boot-1") {
    self.start = start
    self.bootID = bootID
  }

  package var now: Timestamp { start + .microseconds(uptime) }
  package var uptime: Int64 { state.withLock { $0.elapsed } }
  package var sleepers: Int { state.withLock { $0.sleepers.count } }

  package func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.elapsed += duration.microseconds
      let due = state.sleepers.filter { $0.value.until <= state.elapsed }.sorted { $0.value.until < $1.value.until }
      for (id, _) in due { state.sleepers[id] = nil }
      return due.map(\.value.continuation)
    }
    for sleeper in due { sleeper.resume(returning: true) }
  }

  package func sleep(for duration: Duration) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let finished = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let immediate: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          if duration <= .zero { return true }
          state.sleepers[id] = Sleeper(
            until: state.elapsed + duration.microseconds, continuation: continuation)
          return nil
        }
        if let immediate { continuation.resume(returning: immediate) }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(returning: false)
    }
    if !finished { throw CancellationError() }
  }
}
