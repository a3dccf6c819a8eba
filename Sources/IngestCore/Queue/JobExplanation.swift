/// The straight answer to "why is this not running?".
package enum JobExplanation {
  /// One sentence; nil for a job that runs or has ended well.
  package static func text(
    state: JobState, reason: QueuedReason?, next: Timestamp?, now: Timestamp, error: Failure?, alone: Bool,
    wait: JobWait? = nil, isChild: Bool = false, isCondemned: Bool = false
  ) -> String? {
    let when = next.map { " The next try is at \($0), in \(max(0, Int(($0 - now).seconds.rounded(.up)))) s." } ?? ""
    switch state {
    case .running, .completed: return nil
    case .waiting: return (wait ?? JobWait(kind: .generation)).sentence
    case .cancelled where isChild: return "It was cancelled, or the job that made it ended."
    case .cancelled: return "It was cancelled, or a newer revision of the document took its place."
    case .dead:
      return "It is a dead letter\(error.map { " (\($0.code))" } ?? "")."
        + " Mend the cause, then `ingestd dead redrive JOB`; or submit the document again."
    case .queued:
      if isCondemned { return "It is about to die: its on-failure step is run first." + when }
      switch reason {
      case .ready?, nil:
        return alone
          ? "Processes died while it ran, so it waits for a worker that runs nothing else."
          : "It can start as soon as a worker is free; `ingestd status` shows the workers."
      case .scheduled?: return "It was asked to start later." + when
      case .retrying?: return "An attempt failed\(error.map { " (\($0.code))" } ?? "")." + when
      case .throttled?: return "The other side asked for a pause\(error.map { " (\($0.code))" } ?? "")." + when
      case .breakerOpen?: return "Something it needs is not there\(error.map { " (\($0.code))" } ?? "")." + when
      case .exhausted?:
        return "It needs a person\(error.map { ": \($0.message)" } ?? ".") `ingestd job retry` tries at once." + when
      case .paused?: return "Its source or workflow is paused."
      case .afterPrevious? where isChild:
        return "It waits for its turn: the job that made it lets only so many run at once."
      case .afterPrevious?: return "It waits for an earlier job of the same document to end."
      }
    }
  }
}
