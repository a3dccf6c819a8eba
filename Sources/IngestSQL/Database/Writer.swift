internal import Dispatch
internal import Synchronization

/// The queue of the writing connection and the thread that runs it.
///
/// `@unchecked`: once the writer's thread has started, it alone uses `group`; the lock guards everything else.
final class Writer: @unchecked Sendable {
  private struct State {
    var queue: [Work] = []
    var isAsleep = false
    var hasThread = false
    var isClosed = false
    var whenClosed: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let path: String
  private let group: GroupCommit
  private let counts: WriteCounts
  private let checkpoint: @Sendable (_ walPages: Int) -> Void

  init(path: String, group: GroupCommit, checkpoint: @escaping @Sendable (Int) -> Void) {
    self.path = path
    self.group = group
    counts = group.counts
    self.checkpoint = checkpoint
  }

  var statistics: WriteStatistics { counts.statistics }

  /// Queues `work`. Its caller is resumed in any case.
  func add(_ work: Work) {
    enum Next { case nothing, wake, start, refuse }
    let next = state.withLock { state -> Next in
      guard !state.isClosed else { return .refuse }
      state.queue.append(work)
      guard state.hasThread else {
        state.hasThread = true
        return .start
      }
      guard state.isAsleep else { return .nothing }
      state.isAsleep = false
      return .wake
    }
    switch next {
    case .nothing: break
    case .wake: wake.signal()
    case .start: start()
    case .refuse:
      work.fail(SQLError.closed(.init(path: path, message: "the database was closed")))
      work.resume()
    }
  }

  /// Accepts no more work, but still runs what is queued. Calls `done` once the connection is closed.
  func close(_ done: @escaping @Sendable () -> Void) {
    let (isIdle, mustWake) = state.withLock { state in
      let first = !state.isClosed
      state.isClosed = true
      guard state.hasThread else {
        group.close()
        return (true, false)
      }
      state.whenClosed.append(done)
      defer { state.isAsleep = false }
      return (false, first && state.isAsleep)
    }
    if isIdle { done() }
    if mustWake { wake.signal() }
  }

  private func start() {
    let code = DedicatedThread.start { self.run() }
    guard code != 0 else { return }
    let error = SQLError.failed(.init(path: path, message: "cannot start a writer thread (error \(code))"))
    for work in take(.max, hasThread: false) {
      work.fail(error)
      work.resume()
    }
  }

  private func run() {
    while waitForWork() {
      group.drain { take($0) }
      checkpoint(group.walPages)
    }
    group.close()
    let whenClosed = state.withLock { state in
      state.hasThread = false
      defer { state.whenClosed = [] }
      return state.whenClosed
    }
    for done in whenClosed { done() }
  }

  /// Waits for work.
  /// - Returns: whether there is anything to run; false once closed and empty.
  private func waitForWork() -> Bool {
    while true {
      let (hasWork, isClosed) = state.withLock { state in
        state.isAsleep = state.queue.isEmpty && !state.isClosed
        return (!state.queue.isEmpty, state.isClosed)
      }
      if hasWork { return true }
      if isClosed { return false }
      wake.wait()
    }
  }

  private func take(_ limit: Int, hasThread: Bool = true) -> [Work] {
    state.withLock { state in
      state.hasThread = hasThread
      if state.queue.count <= limit {
        defer { state.queue = [] }
        return state.queue
      }
      let taken = Array(state.queue.prefix(limit))
      state.queue.removeFirst(limit)
      return taken
    }
  }
}
