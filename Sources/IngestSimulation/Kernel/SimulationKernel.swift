/// The single thread on which a simulated world runs. Its seed decides which of the runnable jobs runs next. When no
/// job can run, time jumps to the next timer. Nothing else moves time, and nothing runs beside it.
///
/// `@unchecked`: confined to the thread that calls ``run(until:)``; nothing of a world may run anywhere else.
final class SimulationKernel: @unchecked Sendable {
  private struct Ready {
    var job: UnownedJob
    var process: SimulatedProcess
  }

  /// Why ``run(until:)`` returned.
  enum End {
    case done
    /// No job can run, and no timer is left.
    case deadlock
    /// Too many jobs ran without time moving: something spins.
    case livelock
  }

  /// Limit of jobs at one moment; beyond it something must be spinning.
  private static let jobsAtOneMoment = 400_000

  private var ready: [Ready] = []
  private var timers = TimerHeap()
  private var cancelled: Set<Int> = []
  private var nextTimer = 0
  private var jobsNow = 0
  private let order: RandomStream
  /// Microseconds since the world began.
  private(set) var elapsed: Int64 = 0
  private(set) var jobsRun = 0

  init(seed: UInt64) {
    order = RandomStream(seed: seed, purpose: "order")
  }

  func enqueue(_ job: UnownedJob, on process: SimulatedProcess) {
    ready.append(Ready(job: job, process: process))
  }

  /// Removes and returns the ready jobs of a process, in the order of their arrival.
  func withdraw(_ process: SimulatedProcess) -> [UnownedJob] {
    let taken = ready.filter { $0.process === process }.map(\.job)
    ready.removeAll { $0.process === process }
    return taken
  }

  /// - Returns: the timer's number, for ``cancel(_:)``.
  func schedule(after microseconds: Int64, _ ring: @escaping () -> Void) -> Int {
    nextTimer += 1
    let (at, overflow) = elapsed.addingReportingOverflow(max(0, microseconds))
    timers.insert(.init(at: overflow ? .max : at, number: nextTimer, ring: ring))
    return nextTimer
  }

  func cancel(_ timer: Int) { cancelled.insert(timer) }

  /// Runs the world until `isDone` returns true. It is called between any two jobs.
  func run(until isDone: () -> Bool) -> End {
    while !isDone() {
      if ready.isEmpty {
        guard let timer = nextLiving() else { return .deadlock }
        if timer.at > elapsed {
          elapsed = timer.at
          jobsNow = 0
        }
        timer.ring()
        continue
      }
      let place = order.pick(ready.count)
      let next = ready[place]
      ready[place] = ready[ready.count - 1]
      ready.removeLast()
      jobsRun += 1
      jobsNow += 1
      guard jobsNow < Self.jobsAtOneMoment else { return .livelock }
      next.job.runSynchronously(on: next.process.asUnownedTaskExecutor())
    }
    return .done
  }

  private func nextLiving() -> TimerHeap.Entry? {
    while let timer = timers.popFirst() {
      if cancelled.remove(timer.number) == nil { return timer }
    }
    cancelled = []
    return nil
  }
}

/// Timers ordered by time, then by number.
struct TimerHeap {
  struct Entry {
    var at: Int64
    var number: Int
    var ring: () -> Void

    static func < (left: Entry, right: Entry) -> Bool {
      (left.at, left.number) < (right.at, right.number)
    }
  }

  private var entries: [Entry] = []

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> Entry? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    guard !entries.isEmpty else { return first }
    entries[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      if least == parent { return first }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
