/// The straight answer to "why is this not running?".
package enum JobExplanation {
  /// One sentence or two; nil for a job that runs or has ended well. When it is tried again stands beside it, in
  /// ``JobReport/nextAt``.
  /// - Parameter hold: what keeps it from starting that could start otherwise, or will once its time has come.
  package static func text(
    state: JobState, reason: QueuedReason?, error: Failure?, alone: Bool, hold: JobHold? = nil,
    wait: JobWait? = nil, isChild: Bool = false, isFailing: Bool = false
  ) -> Hint? {
    let code = error.map { " (\($0.code))" } ?? ""
    let besides: Hint = hold.map { " Besides, \($0.cause)." } ?? ""
    switch state {
    case .running, .completed: return nil
    case .waiting: return (wait ?? JobWait(kind: .generation)).sentence
    case .cancelled where isChild: return "It was cancelled, or the job that made it ended."
    case .cancelled: return "It was cancelled, or a newer revision of the document took its place."
    case .dead:
      return "It is a dead letter\(code)."
        + " Mend the cause, then \(Action(.deadRedrive, "JOB")); or submit the document again."
    case .queued:
      if isFailing { return "It is about to die: its on-failure step is run first." + besides }
      switch reason {
      case .ready?, nil:
        if let hold { return "It could start, but \(hold.cause)." }
        return alone
          ? "Processes died while it ran, so it waits for a worker that runs nothing else."
          : "It can start as soon as a worker is free; \(Action(.status)) shows the workers."
      case .scheduled?: return "It was asked to start later, or a step of it sleeps." + besides
      case .retrying?: return "An attempt failed\(code), and the next waits out the backoff." + besides
      case .throttled?: return "The other side asked for a pause\(code)." + besides
      case .breakerOpen?: return "Something it needs is not there\(code)." + besides
      case .exhausted?:
        return "It needs a person\(error.map { ": \($0.message)" } ?? ".") \(Action(.jobRetry)) tries at once."
          + besides
      case .paused?: return "Its source or workflow is paused." + besides
      case .afterPrevious? where isChild:
        return "It waits for its turn: the job that made it lets only so many run at once."
      case .afterPrevious?: return "It waits for an earlier job of the same document to end."
      }
    }
  }
}
