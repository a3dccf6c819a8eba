import Glibc
import IngestTestKit
import Synchronization

/// Counts the visits of crash points, and ends or stops this process at the one that was ordered.
final class Fire: Sendable {
  private struct State {
    var visits: [CrashPoint: Int] = [:]
    var all = 0
    var isDone = false
  }

  let bug: InjectedBug?
  let late = LateEffects()
  private let order: FireOrder?
  private let log: Int32
  /// Where the log is; what is told of this process stands beside it.
  private let folder: String?
  private let state = Mutex(State())

  init(order: FireOrder?, bug: InjectedBug?, log: String?) {
    self.order = order
    self.bug = bug
    folder = log
    // Append: several processes write to it, each a line in one call.
    self.log = log.map { open($0, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600) } ?? -1
  }

  func pass(_ point: CrashPoint) {
    let (first, isDue) = state.withLock { state in
      state.visits[point, default: 0] += 1
      state.all += 1
      let count = order?.point == nil ? state.all : state.visits[point, default: 0]
      let isDue = !state.isDone && isMeant(point, visit: count)
      if isDue { state.isDone = true }
      return (state.visits[point] == 1, isDue)
    }
    if first { note(point.rawValue) }
    guard isDue, let order else { return }
    note("!\(point.rawValue)")
    switch order.act {
    case .kill: kill(getpid(), SIGKILL)
    case .stop: halt()
    }
  }

  private func isMeant(_ point: CrashPoint, visit: Int) -> Bool {
    guard let order, order.visit > 0, visit >= order.visit else { return false }
    guard order.point == nil || order.point == point else { return false }
    // It could not be stopped there without its transaction: at the next point, then.
    return order.act == .kill || !point.isInTransaction
  }

  /// Passes one point, does something, and passes another; what throws did not take place.
  nonisolated(nonsending) func around<T>(
    _ before: CrashPoint, _ after: CrashPoint, _ body: () async throws -> T
  ) async throws -> T {
    pass(before)
    let result = try await body()
    pass(after)
    return result
  }

  /// Says that it is there and holds this thread until it is told to go on. The signal itself comes from outside, at a moment
  /// at which no other thread is in a transaction: a process that is stopped in one keeps all others from writing, which
  /// is SQLite's way and not what is tried here.
  private func halt() {
    guard let folder else { return }
    close(open("\(folder).\(getpid()).halted", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
    while access("\(folder).\(getpid()).go", F_OK) != 0 { usleep(1000) }
  }

  private func note(_ line: String) {
    guard log >= 0 else { return }
    let bytes = Array((line + "\n").utf8)
    _ = write(log, bytes, bytes.count)
  }
}
