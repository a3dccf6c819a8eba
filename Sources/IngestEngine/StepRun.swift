import IngestCore
private import Synchronization

/// One try of a step: it can be told to stop and, when it does not heed that, left behind.
///
/// The step has a task of its own outside the structure of the worker's, the only one there is: nothing else lets the
/// worker go on without a step that ignores its cancellation. What such a step tells the store later is refused by its job's
/// fence; what it writes elsewhere is the matter of the worker's follow-up.
final class StepRun: Sendable {
  enum End: Sendable {
    case returned(Result<StepOutput, any Error>)
    /// It was cancelled and had not ended when the patience was over.
    case leftBehind
  }

  private struct State {
    var continuation: CheckedContinuation<End, Never>?
    var task: Task<Void, Never>?
    var isCancelled = false
    var isTimedOut = false
    var hasEnded = false
    var timers: [TimerQueue.Timer] = []
  }

  private let state = Mutex(State())
  private let timers: TimerQueue
  private let patience: Duration

  /// - Parameter patience: how long a cancelled step may take to end.
  init(timers: TimerQueue, patience: Duration) {
    self.timers = timers
    self.patience = patience
  }

  /// Whether the limit cancelled it.
  var isTimedOut: Bool { state.withLock { $0.isTimedOut } }

  /// Runs the operation once, cancelled when `limit` has passed.
  func run(
    for limit: Duration, on executor: (any TaskExecutor)?,
    _ operation: @escaping @Sendable () async throws -> StepOutput
  ) async -> End {
    await withCheckedContinuation { continuation in
      state.withLock { $0.continuation = continuation }
      let task = Task(executorPreference: executor) {
        let result: Result<StepOutput, any Error>
        do { result = .success(try await operation()) } catch { result = .failure(error) }
        self.end(.returned(result))
      }
      let isCancelled = state.withLock { state in
        state.task = task
        return state.isCancelled
      }
      if isCancelled { return task.cancel() }
      keep(
        timers.set(after: limit) { [self] in
          state.withLock { $0.isTimedOut = true }
          cancel()
        })
    }
  }

  /// Asks the step to stop at its next safe point.
  func cancel() {
    let (isFirst, task) = state.withLock { state in
      defer { state.isCancelled = true }
      return (!state.isCancelled && !state.hasEnded, state.task)
    }
    guard isFirst else { return }
    task?.cancel()
    keep(timers.set(after: patience, firesAtEnd: true) { [self] in end(.leftBehind) })
  }

  private func keep(_ timer: TimerQueue.Timer) {
    let hasEnded = state.withLock { state in
      if !state.hasEnded { state.timers.append(timer) }
      return state.hasEnded
    }
    if hasEnded { timers.clear(timer) }
  }

  /// The first end counts.
  private func end(_ end: End) {
    let (continuation, pending) = state.withLock { state in
      defer {
        state.continuation = nil
        state.timers = []
        state.hasEnded = true
      }
      return (state.continuation, state.timers)
    }
    for timer in pending { timers.clear(timer) }
    continuation?.resume(returning: end)
  }
}
