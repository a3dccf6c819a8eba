internal import Dispatch
internal import Synchronization

/// A pool of read connections, each on its own thread. A new one is opened when all others are busy.
final class ReaderPool: Sendable {
  private struct State {
    var queue: [Work] = []
    var threads = 0
    var idle = 0
    var isClosed = false
    var whenClosed: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let path: String
  private let options: DatabaseOptions

  init(path: String, options: DatabaseOptions) {
    self.path = path
    self.options = options
  }

  /// Queues `work`. Its caller is resumed in any case.
  func add(_ work: Work) {
    enum Next { case wake, start, refuse }
    let next = state.withLock { state -> Next in
      guard !state.isClosed else { return .refuse }
      state.queue.append(work)
      guard state.queue.count > state.idle, state.threads < max(1, options.readers) else { return .wake }
      state.threads += 1
      return .start
    }
    switch next {
    case .wake: wake.signal()
    case .start: start()
    case .refuse:
      work.fail(SQLError.closed(.init(path: path, message: "the database was closed")))
      work.resume()
    }
  }

  /// Accepts no more work, but still runs what is queued. Calls `done` once all connections are closed.
  func close(_ done: @escaping @Sendable () -> Void) {
    let threads = state.withLock { state in
      state.isClosed = true
      if state.threads > 0 { state.whenClosed.append(done) }
      return state.threads
    }
    if threads == 0 { done() }
    for _ in 0..<threads { wake.signal() }
  }

  private func start() {
    let code = DedicatedThread.start { self.run() }
    guard code != 0 else { return }
    // Another thread runs the queued work. Without any thread, the work fails.
    let orphans = state.withLock { state -> [Work] in
      state.threads -= 1
      guard state.threads == 0 else { return [] }
      defer { state.queue = [] }
      return state.queue
    }
    for work in orphans {
      work.fail(SQLError.failed(.init(path: path, message: "cannot start a reader thread (error \(code))")))
      work.resume()
    }
    if orphans.isEmpty { wake.signal() }
  }

  private func run() {
    var reader = Reader(path: path, options: options)
    while let work = next() {
      reader.run(work)
    }
    reader.close()
    let whenClosed = state.withLock { state -> [@Sendable () -> Void] in
      state.threads -= 1
      guard state.threads == 0 else { return [] }
      defer { state.whenClosed = [] }
      return state.whenClosed
    }
    for done in whenClosed { done() }
  }

  private func next() -> Work? {
    while true {
      let (work, isClosed) = state.withLock { state -> (Work?, Bool) in
        if !state.queue.isEmpty { return (state.queue.removeFirst(), false) }
        if !state.isClosed { state.idle += 1 }
        return (nil, state.isClosed)
      }
      if let work { return work }
      if isClosed { return nil }
      wake.wait()
      state.withLock { $0.idle -= 1 }
    }
  }
}
