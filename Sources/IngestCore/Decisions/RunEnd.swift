/// The decision about a running job when its run ends.
package indirect enum RunEnd: Sendable {
  case complete
  /// The job stops because it was asked to. `recording` is stored as a failed attempt.
  case stop(recording: FailedAttempt?, spends: Bool)
  /// The job waits in the lane of a dependency and spends no attempt. If no gate has that name, `otherwise` applies.
  case park(at: String, for: Duration, FailedAttempt, otherwise: RunEnd)
  /// The job is tried again. With `countsDeath`, a process died on its content; the count may lead to quarantine.
  case retry(FailedAttempt, after: Duration, spends: Bool, reason: QueuedReason, countsDeath: Bool)
  /// The job becomes a dead letter. `recording` is stored as a failed attempt.
  case die(of: Failure, recording: FailedAttempt?)
  case wait(StepWait, step: String, position: Int, cursor: String)
  case parkAtStep(StepGates)
  /// The job returns to the queue and spends no attempt.
  case giveBack
  /// Waits until the older jobs of its generation have ended.
  case gather
}

/// The facts about a running job that decide how its run ends.
package struct EndingRun: Sendable {
  package var isAskedToStop: Bool
  package var hasGeneration: Bool
  package var hasContent: Bool
  /// Whether it must run alone. Such a job is in no lane.
  package var isAlone: Bool
  /// For a failing job: the failed attempt that makes it a dead letter once its on-failure step has ended. Used only
  /// for ``JobOutcome/dead(_:)``.
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

  /// Decides from the runner's outcome and from what happened to the job meanwhile.
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
      // A failing job dies with its first failure, which is already recorded. The failure of its on-failure step is a
      // cause.
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
      // A job without an index has no other jobs to wait for.
      return hasGeneration ? .gather : .giveBack
    }
  }
}

extension JobOutcome {
  /// Whether the job's last journal line also names the revision that the generation holds. After any other outcome,
  /// a separate line does.
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
    /// The number of deaths of workers while the job was in flight.
    package var deaths: Int
    package var runsAlone: Bool
    /// Whether the death counts against its content: no other job was in the process.
    package var countsAgainstContent: Bool
  }

  /// - Parameters:
  ///   - deaths: the number of earlier deaths of workers while the job was in flight.
  ///   - died: whether its worker died now.
  ///   - aloneInProcess: whether no other job was in that worker.
  package static func giveBack(deaths: Int, died: Bool, aloneInProcess: Bool) -> Return {
    let deaths = deaths + (died ? 1 : 0)
    return Return(deaths: deaths, runsAlone: runsAlone(deaths), countsAgainstContent: died && aloneInProcess)
  }
}
