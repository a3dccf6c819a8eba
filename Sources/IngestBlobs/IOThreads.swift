private import Dispatch
private import Glibc
private import Synchronization

/// A few threads for calls that wait for the disk, so that Swift's cooperative threads never do.
///
/// A thread starts when there is work and no thread is free, up to the width. The threads end with the object.
final class IOThreads: Sendable {
  private typealias Work = @Sendable () -> Void

  private final class Queue: Sendable {
    struct State {
      var work: [Work] = []
      var next = 0
      var threads = 0
      var idle = 0
    }

    let state = Mutex(State())
    let signal = DispatchSemaphore(value: 0)

    /// Runs queued work until the object ends.
    func serve() {
      while true {
        signal.wait()
        let work: Work? = state.withLock { state in
          guard state.next < state.work.count else { return nil }
          state.idle -= 1
          let work = state.work[state.next]
          state.next += 1
          if state.next == state.work.count {
            state.work.removeAll(keepingCapacity: state.next < 1024)
            state.next = 0
          }
          return work
        }
        guard let work else { return }
        work()
        state.withLock { $0.idle += 1 }
      }
    }
  }

  private let width: Int
  private let queue = Queue()

  init(width: Int) { self.width = max(1, width) }

  deinit {
    // Each signal without work ends one thread.
    let threads = queue.state.withLock { $0.threads }
    for _ in 0..<threads { queue.signal.signal() }
  }

  /// Runs `body` on one of the threads. Cancellation does not interrupt it: a write that has begun is finished.
  func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      enqueue { continuation.resume(with: Result(catching: body)) }
    }
  }

  private func enqueue(_ work: @escaping Work) {
    let starts = queue.state.withLock { state in
      guard state.work.count - state.next >= state.idle, state.threads < width else { return false }
      state.threads += 1
      state.idle += 1
      return true
    }
    let started = starts && Self.startThread(queue)
    let queued = queue.state.withLock { state in
      if starts, !started {
        state.threads -= 1
        state.idle -= 1
      }
      guard state.threads > 0 else { return false }
      state.work.append(work)
      return true
    }
    // If the system cannot start a thread, the work runs on the caller's.
    if queued { queue.signal.signal() } else { work() }
  }

  private static func startThread(_ queue: Queue) -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(queue)
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let queue = Unmanaged<Queue>.fromOpaque(context).takeRetainedValue()
        queue.serve()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
