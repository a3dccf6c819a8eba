/// What becomes of a running job when its run ends.
package indirect enum RunEnd: Sendable {
  case complete
  /// The job stops as somebody asked, and `recording` counts as a failed attempt.
  case stop(recording: FailedAttempt?, spends: Bool)
  /// The job waits in the lane of a dependency, and nothing is spent. `otherwise` holds where no gate has that name.
  case park(at: String, for: Duration, FailedAttempt, otherwise: RunEnd)
  /// The job is tried again. With `countsDeath`, a process died on its content, which may be one death too many.
  case retry(FailedAttempt, after: Duration, spends: Bool, reason: QueuedReason, countsDeath: Bool)
  /// The job is a dead letter, and `recording` counts as a failed attempt.
  case die(of: Failure, recording: FailedAttempt?)
  case wait(StepWait, step: String, position: Int, cursor: String)
  case parkAtStep(StepGates)
  /// Back to the queue, with nothing spent.
  case giveBack
  /// Waits until the older jobs of its generation have ended.
  case gather
}

/// A running job, as the end of its run needs it.
package struct EndingRun: Sendable {
  package var isAskedToStop: Bool
  package var hasGeneration: Bool
  package var hasContent: Bool
  /// Whether it runs alone, and so stands in no lane.
  package var isAlone: Bool
  /// The attempt that it dies of when its on-failure step has ended. Need be read for ``JobOutcome/dead(_:)`` alone.
  package var fatal: FailedAttempt?

  package init(
    isAskedToStop: Bool = false, hasGeneration: Bool = true, hasContent: Bool = true, isAlone: Bool = false,
    fatal: FailedAttempt? = nil
  ) {
    self.isAskedToStop = isAskedToStop
    self.hasGeneration = hasGeneration
    self.hasContent = hasContent
    self.isAlone = isAlone
    self.fatal = fatal
  }

  /// What the runner's outcome results in, given what happened to the job meanwhile.
  package func decide(_ outcome: JobOutcome) -> RunEnd {
    switch outcome {
    case .completed: return .complete
    case .retry(let attempt, let wait, let spends, let reason):
      if isAskedToStop { return .stop(recording: attempt, spends: spends) }
      let retry = RunEnd.retry(
        attempt, after: wait, spends: spends, reason: reason,
        countsDeath: attempt.failure.kind == .poison && hasContent)
      guard !spends, !isAlone, let dependency = attempt.failure.dependency else { return retry }
      return .park(at: dependency, for: wait, attempt, otherwise: retry)
    case .dead(let attempt):
      // A failing job dies of what it failed for, which is recorded already; the failure of its on-failure step is a cause.
      let (failure, recording): (Failure, FailedAttempt?) =
        switch fatal {
        case nil: (attempt.failure, attempt)
        case attempt?: (attempt.failure, nil)
        case let fatal?: (fatal.failure.joined(by: attempt.failure), attempt)
        }
      return isAskedToStop ? .stop(recording: recording, spends: true) : .die(of: failure, recording: recording)
    case .cancelled: return .stop(recording: nil, spends: false)
    case .released: return .giveBack
    case .waits(let wait, let step, let position, let cursor):
      return isAskedToStop
        ? .stop(recording: nil, spends: false) : .wait(wait, step: step, position: position, cursor: cursor)
    case .parked(let gates): return isAskedToStop ? .stop(recording: nil, spends: false) : .parkAtStep(gates)
    case .gathers:
      if isAskedToStop { return .stop(recording: nil, spends: false) }
      // Without an index there are no others to wait for.
      return hasGeneration ? .gather : .giveBack
    }
  }
}

extension JobOutcome {
  /// Whether the job's last line in the journal also says what it holds; after any other outcome a line of its own does.
  package var reportsHold: Bool {
    switch self {
    case .completed: true
    case .retry, .dead, .cancelled, .released, .gathers, .parked, .waits: false
    }
  }
}

extension Deaths {
  /// A job that goes back to the queue.
  package struct Return: Hashable, Sendable {
    /// How many deaths it was in flight at.
    package var deaths: Int
    package var runsAlone: Bool
    /// Whether the death counts against its content: no other job was in the process.
    package var countsAgainstContent: Bool
  }

  /// - Parameters:
  ///   - deaths: how many the job was in flight at before.
  ///   - died: whether its worker died now.
  ///   - aloneInProcess: whether no other job was in that worker.
  package static func giveBack(deaths: Int, died: Bool, aloneInProcess: Bool) -> Return {
    let deaths = deaths + (died ? 1 : 0)
    return Return(deaths: deaths, runsAlone: runsAlone(deaths), countsAgainstContent: died && aloneInProcess)
  }
}
