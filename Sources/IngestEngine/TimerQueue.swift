import IngestCore
private import Synchronization

/// A queue of timers on the injected clock. One sleeping task serves the whole worker; a sleep for each step would cost
/// two tasks.
///
/// Timers fire only while ``run()`` runs.
final class TimerQueue: Sendable {
  struct Timer: Hashable, Sendable {
    fileprivate var id: UInt64
  }

  private struct Entry {
    /// Microseconds since boot.
    var at: Int64
    var firesAtEnd: Bool
    var fire: @Sendable () -> Void
  }

  private struct State {
    var entries: [UInt64: Entry] = [:]
    var nextID: UInt64 = 0
    /// The next time, in microseconds since boot, at which ``TimerQueue/run()`` checks the entries; `max` if none is
    /// set.
    var wakesAt = Int64.max
    var isOver = false
  }

  private let state = Mutex(State())
  private let wakeSignal = LocalWakeSignal()
  private let clock: any TimeSource

  init(_ clock: any TimeSource) {
    self.clock = clock
  }

  /// Calls `fire` once when `duration` has passed, unless the timer is cleared before.
  /// - Parameter firesAtEnd: also fire when ``run()`` ends, and at once if it has ended. For callers that would
  ///   otherwise wait forever.
  func set(after duration: Duration, firesAtEnd: Bool = false, _ fire: @escaping @Sendable () -> Void) -> Timer {
    let (sum, overflow) = clock.uptime.addingReportingOverflow(max(0, duration.microseconds))
    let at = overflow ? Int64.max : sum
    let (timer, isEarlier, isOver) = state.withLock { state in
      state.nextID += 1
      let timer = Timer(id: state.nextID)
      guard !state.isOver else { return (timer, false, true) }
      state.entries[timer.id] = Entry(at: at, firesAtEnd: firesAtEnd, fire: fire)
      guard at < state.wakesAt else { return (timer, false, false) }
      state.wakesAt = at
      return (timer, true, false)
    }
    if isEarlier { wakeSignal.signal() }
    if isOver, firesAtEnd { fire() }
    return timer
  }

  func clear(_ timer: Timer) {
    state.withLock { _ = $0.entries.removeValue(forKey: timer.id) }
  }

  /// Waits, even in a cancelled task: a worker that is cancelled must still release its jobs.
  func pause(for duration: Duration) async {
    await withCheckedContinuation { continuation in
      _ = set(after: duration, firesAtEnd: true) { continuation.resume() }
    }
  }

  /// Fires the timers until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      let (due, wait) = takeDue()
      for entry in due { entry.fire() }
      if let wait { await wakeSignal.wait(atMost: wait, clock: clock) } else { await wakeSignal.wait() }
    }
    let left = state.withLock { state in
      state.isOver = true
      defer { state.entries = [:] }
      return state.entries.filter(\.value.firesAtEnd).sorted { $0.key < $1.key }.map(\.value)
    }
    for entry in left { entry.fire() }
  }

  /// Removes the entries that are due.
  /// - Returns: these entries, earliest first, and in the order in which they were set if their time is the same; and
  ///   the time until the next entry, nil if there is none.
  private func takeDue() -> (due: [Entry], wait: Duration?) {
    let now = clock.uptime
    return state.withLock { state in
      let due = state.entries.filter { $0.value.at <= now }.sorted { ($0.value.at, $0.key) < ($1.value.at, $1.key) }
      for (id, _) in due { state.entries[id] = nil }
      let next = state.entries.values.lazy.map(\.at).min()
      state.wakesAt = next ?? .max
      return (due.map(\.value), next.map { .microseconds($0 - now) })
    }
  }
}
