/// The answer to "why is this job not running?", for people.
package enum JobExplanation {
  /// Returns one or two sentences; nil for a job that runs or has completed. The time of the next try is in
  /// ``JobReport/nextAt``.
  /// - Parameter hold: what keeps the job from starting now, or will keep it from starting when its time has come.
  package static func text(
    state: JobState, reason: QueuedReason?, error: Failure?, alone: Bool, hold: JobHold? = nil,
    wait: JobWait? = nil, isChild: Bool = false, isFailing: Bool = false
  ) -> Hint? {
    let code = error.map { " (\($0.code))" } ?? ""
    let besides: Hint = hold.map { " Also, \($0.cause)." } ?? ""
    switch state {
    case .running, .completed: return nil
    case .waiting: return (wait ?? JobWait(kind: .generation)).sentence
    case .cancelled where isChild: return "It was cancelled, or its parent job ended."
    case .cancelled: return "It was cancelled, or a newer revision of the document took its place."
    case .dead:
      return "It is a dead letter\(code)."
        + " Fix the cause, then \(Action(.deadRedrive, "JOB")); or submit the document again."
    case .queued:
      if isFailing {
        return "It has failed for good: its on-failure step runs first, then it becomes a dead letter." + besides
      }
      switch reason {
      case .ready?, nil:
        if let hold { return "It could start, but \(hold.cause)." }
        return alone
          ? "Workers died while it ran, so it waits for a worker that runs nothing else."
          : "It can start as soon as a worker is free; \(Action(.status)) shows the workers."
      case .scheduled?: return "It is scheduled to start later, or one of its steps sleeps." + besides
      case .retrying?: return "An attempt failed\(code), and the next one starts after the backoff." + besides
      case .throttled?: return "A service that it calls asked it to slow down\(code)." + besides
      case .breakerOpen?: return "A dependency is unavailable\(code)." + besides
      case .exhausted?:
        return "It waits for a person\(error.map { ": \($0.message)" } ?? ".") \(Action(.jobRetry)) tries it now."
          + besides
      case .paused?: return "Its source or workflow is paused." + besides
      case .afterPrevious? where isChild:
        return "It waits for its turn: its parent job limits how many child jobs run at once."
      case .afterPrevious?: return "It waits for an earlier job of the same document to end."
      }
    }
  }
}
