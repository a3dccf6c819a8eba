import IngestCore
private import Synchronization

/// Fires timers on the injected clock: one sleeper for a whole worker, where a sleep for each step would cost two tasks.
///
/// Timers fire only while ``run()`` does.
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
    /// The sleeper looks again no later than this.
    var wakesAt = Int64.max
    var isOver = false
  }

  private let state = Mutex(State())
  private let wakeSignal = LocalWakeSignal()
  private let clock: any TimeSource

  init(_ clock: any TimeSource) {
    self.clock = clock
  }

  /// Calls `fire` once `duration` has passed, unless cleared before.
  /// - Parameter firesAtEnd: fire at once when ``run()`` has ended or ends: for those who would wait for ever.
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

  /// Waits, also in a task that was cancelled: giving a job back has to go on then.
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

  /// - Returns: what is due, earliest first, entries of one time in the order of their setting; and how long until the next,
  ///   nil when there is none.
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
