import IngestCore
private import Synchronization

/// Rings alarms on the injected clock: one sleeper for a whole worker, where a sleep for each step would cost two tasks.
///
/// Alarms ring only while ``run()`` does.
final class Timekeeper: Sendable {
  struct Alarm: Hashable, Sendable {
    fileprivate var id: UInt64
  }

  private struct Entry {
    /// Microseconds since boot.
    var at: Int64
    var ringsAtEnd: Bool
    var ring: @Sendable () -> Void
  }

  private struct State {
    var entries: [UInt64: Entry] = [:]
    var nextID: UInt64 = 0
    /// The sleeper looks again no later than this.
    var wakesAt = Int64.max
    var isOver = false
  }

  private let state = Mutex(State())
  private let bell = Doorbell()
  private let clock: any TimeSource

  init(_ clock: any TimeSource) {
    self.clock = clock
  }

  /// Calls `ring` once `duration` has passed, unless cleared before.
  /// - Parameter ringsAtEnd: ring at once when ``run()`` has ended or ends: for those who would wait for ever.
  func set(after duration: Duration, ringsAtEnd: Bool = false, _ ring: @escaping @Sendable () -> Void) -> Alarm {
    let (sum, overflow) = clock.uptime.addingReportingOverflow(max(0, duration.microseconds))
    let at = overflow ? Int64.max : sum
    let (alarm, isEarlier, isOver) = state.withLock { state in
      state.nextID += 1
      let alarm = Alarm(id: state.nextID)
      guard !state.isOver else { return (alarm, false, true) }
      state.entries[alarm.id] = Entry(at: at, ringsAtEnd: ringsAtEnd, ring: ring)
      guard at < state.wakesAt else { return (alarm, false, false) }
      state.wakesAt = at
      return (alarm, true, false)
    }
    if isEarlier { bell.ring() }
    if isOver, ringsAtEnd { ring() }
    return alarm
  }

  func clear(_ alarm: Alarm) {
    state.withLock { _ = $0.entries.removeValue(forKey: alarm.id) }
  }

  /// Waits, also in a task that was cancelled: giving a job back has to go on then.
  func pause(for duration: Duration) async {
    await withCheckedContinuation { continuation in
      _ = set(after: duration, ringsAtEnd: true) { continuation.resume() }
    }
  }

  /// Rings the alarms until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      let (due, wait) = takeDue()
      for entry in due { entry.ring() }
      if let wait { await bell.wait(atMost: wait, clock: clock) } else { await bell.wait() }
    }
    let left = state.withLock { state in
      state.isOver = true
      defer { state.entries = [:] }
      return state.entries.filter(\.value.ringsAtEnd).sorted { $0.key < $1.key }.map(\.value)
    }
    for entry in left { entry.ring() }
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
