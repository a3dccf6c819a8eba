package import IngestCore
private import Synchronization

/// Why a running job was told to stop.
package enum StopReason: Sendable {
  /// The worker is stopping: the job goes back to the queue.
  case shutdown
  /// Somebody asked to cancel it.
  case cancelled
  /// Another worker has it, or may have: nothing more may be written.
  case leaseLost
}

/// The way to stop one running job.
package final class JobControl: Sendable {
  private struct State {
    var reason: StopReason?
    var step: StepRun?
  }

  package let lease: Lease
  /// Nothing else may run in the process while it does.
  let alone: Bool
  /// How long a step that was cancelled may take to end before it is left behind.
  let patience: Duration
  private let state = Mutex(State())
  private let isStopping: @Sendable () -> Bool
  private let leftBehind: @Sendable (_ step: String) -> Void

  /// - Parameters:
  ///   - isStopping: whether the worker wants to end: asked between steps.
  ///   - leftBehind: told of a step that did not heed its cancellation.
  package init(
    _ job: ClaimedJob, patience: Duration, isStopping: @escaping @Sendable () -> Bool = { false },
    leftBehind: @escaping @Sendable (_ step: String) -> Void = { _ in }
  ) {
    lease = job.lease
    alone = job.alone
    self.patience = patience
    self.isStopping = isStopping
    self.leftBehind = leftBehind
  }

  /// Stops the job at its step's next safe point. The first reason counts, but a lost lease overrides: nothing may be
  /// written then.
  package func stop(_ why: StopReason) {
    let step = state.withLock { state in
      if case .leaseLost = why { state.reason = why } else if state.reason == nil { state.reason = why }
      return state.step
    }
    step?.cancel()
  }

  /// Why a step in flight was stopped; nil while nobody asked.
  var stopReason: StopReason? { state.withLock { $0.reason } }

  /// Why no further step should begin; nil when one should.
  var pauseReason: StopReason? { stopReason ?? (isStopping() ? .shutdown : nil) }

  /// - Returns: whether the step may begin; false when the job was stopped before.
  func begin(_ step: StepRun) -> Bool {
    state.withLock { state in
      guard state.reason == nil else { return false }
      state.step = step
      return true
    }
  }

  func end(_ step: StepRun) {
    state.withLock { $0.step = nil }
  }

  func leave(_ step: String) { leftBehind(step) }
}
