package import IngestCore
private import Synchronization

/// The reason why a running job must stop.
package enum StopReason: Sendable {
  /// The worker is stopping: the job goes back to the queue.
  case shutdown
  /// A user cancelled the job.
  case cancelled
  /// Another worker holds the job, or may hold it: this worker must write nothing more.
  case leaseLost
}

/// A handle to stop one running job.
package final class JobControl: Sendable {
  private struct State {
    var reason: StopReason?
    var step: StepRun?
  }

  package let lease: Lease
  /// Whether the process may run no other job beside this one.
  let alone: Bool
  /// The time that a cancelled step has to end before the worker leaves it behind.
  let patience: Duration
  private let state = Mutex(State())
  private let isStopping: @Sendable () -> Bool
  private let leftBehind: @Sendable (_ step: String) -> Void

  /// - Parameters:
  ///   - isStopping: whether the worker is stopping. Called between steps.
  ///   - leftBehind: called with a step that did not end after its cancellation.
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

  /// Stops the job at the next safe point of its step. The first reason counts, except that a lost lease replaces any
  /// other reason, because nothing may be written then.
  package func stop(_ why: StopReason) {
    let step = state.withLock { state in
      if case .leaseLost = why { state.reason = why } else if state.reason == nil { state.reason = why }
      return state.step
    }
    step?.cancel()
  }

  /// Why the running step must stop. Nil while nobody asked it to stop.
  var stopReason: StopReason? { state.withLock { $0.reason } }

  /// Why the job must not start another step. Nil if it may.
  var pauseReason: StopReason? { stopReason ?? (isStopping() ? .shutdown : nil) }

  /// Registers the running step.
  /// - Returns: whether the step may begin. False if the job was stopped before.
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
