/// Where a job is. Exactly one of the last three is its end.
package enum JobState: String, Codable, Sendable, CaseIterable {
  /// Due now or later, see ``QueuedReason``. Entered by submit, by a retry, a release, a redrive or a dead worker; left by
  /// a claim or a cancel.
  case queued
  /// Leased by a worker. Entered by a claim; left by finish, or by the end of its lease.
  case running
  /// For other jobs, its children, a signal or an approval. Entered by finish; left when what it waits for has come, at the
  /// end of a wait that has one, or by a cancel.
  case waiting
  /// Every step has its checkpoint. Entered by finish; left only by replay, which makes a new job.
  case completed
  /// Asked for, or superseded by a newer revision, or ended with its parent. Entered by cancel, finish, submit or the
  /// parent's end; left only by a child whose parent is redriven.
  case cancelled
  /// A dead letter. Entered by finish or by quarantine; left by redrive, or by purge.
  case dead

  package var isEnd: Bool { self == .completed || self == .cancelled || self == .dead }
}

/// Why a queued job is not running.
package enum QueuedReason: String, Codable, Sendable, CaseIterable {
  /// It can start as soon as a worker takes it.
  case ready
  /// Asked to start later.
  case scheduled
  /// Waits out the backoff after a failed attempt.
  case retrying
  /// Waits for a limit of a provider or of our own.
  case throttled
  /// Waits for a dependency.
  case breakerOpen = "breaker-open"
  /// Waits for what a person must give: quota, or a key that works.
  case exhausted
  /// Its source or workflow is paused.
  case paused
  /// Waits for the job before it of the same document, or, a child, for its turn among the others.
  case afterPrevious = "after-previous"
}
