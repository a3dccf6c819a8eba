private import Dispatch
private import Glibc
private import Synchronization

/// A few threads for calls that wait for the disk, so that the cooperative pool never does.
///
/// Threads start when there is work and none is free, up to the width, and end with the object.
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

    /// What a thread does all its life.
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
    // A signal without work ends a thread.
    let threads = queue.state.withLock { $0.threads }
    for _ in 0..<threads { queue.signal.signal() }
  }

  /// Runs `body` on one of the threads. It is not interrupted by cancellation: a write that began is finished.
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
    // A system that is out of threads leaves only the caller's.
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
