import IngestCore
private import Synchronization

/// One try of a step. The worker can cancel it and leave it behind if it ignores the cancellation.
///
/// The step runs in an unstructured task, the only one in the engine. With a child task the worker could not continue
/// without a step that ignores its cancellation. If such a step writes to the store later, the store refuses the write
/// by the job's fence; the worker's follow-up deals with what the step writes elsewhere.
final class StepRun: Sendable {
  enum End: Sendable {
    case returned(Result<StepOutput, any Error>)
    /// The step was cancelled and did not end within its patience.
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

  /// - Parameter patience: the time that a cancelled step has to end.
  init(timers: TimerQueue, patience: Duration) {
    self.timers = timers
    self.patience = patience
  }

  /// Whether the step was cancelled because it exceeded its time limit.
  var isTimedOut: Bool { state.withLock { $0.isTimedOut } }

  /// Runs the operation once and cancels it when `limit` has passed.
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

  /// Ends the run and clears its timers. Only the first end counts.
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
