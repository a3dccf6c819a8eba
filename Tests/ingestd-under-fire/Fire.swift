import Glibc
import IngestTestKit
import Synchronization

/// A counter of visits to crash points. It kills or stops this process at the point that the order names.
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
  /// The path of the log. Files about this process are created beside it.
  private let folder: String?
  private let state = Mutex(State())

  init(order: FireOrder?, bug: InjectedBug?, log: String?) {
    self.order = order
    self.bug = bug
    folder = log
    // Several processes append to it, one line per call.
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
    // The process cannot be stopped inside a transaction. It stops at the next point instead.
    return order.act == .kill || !point.isInTransaction
  }

  /// Passes one point, runs the body, and passes another point. A body that throws does not pass the second.
  nonisolated(nonsending) func around<T>(
    _ before: CrashPoint, _ after: CrashPoint, _ body: () async throws -> T
  ) async throws -> T {
    pass(before)
    let result = try await body()
    pass(after)
    return result
  }

  /// Creates the `.halted` file and holds this thread until the `.go` file exists. The test then sends the signal
  /// itself, at a moment when no other thread is in a transaction: a process that is stopped inside one blocks all
  /// other writers, which is SQLite's behaviour and not what is tested here.
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
