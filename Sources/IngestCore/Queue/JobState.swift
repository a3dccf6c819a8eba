/// Where a job is. Exactly one of the last three is its end.
package enum JobState: String, Codable, Sendable, CaseIterable {
  /// Due now or later, see ``QueuedReason``. Entered by submit, by a retry, a release, a redrive or a dead worker; left by
  /// a claim or a cancel.
  case queued
  /// Leased by a worker. Entered by a claim; left by finish, or by the end of its lease.
  case running
  /// For other jobs. Entered by finish; left when the last of them ends, or by a cancel.
  case waiting
  /// Every step has its checkpoint. Entered by finish; left only by replay, which makes a new job.
  case completed
  /// Asked for, or superseded by a newer revision. Entered by cancel, finish or submit; never left.
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
  /// Waits for the job before it of the same document.
  case afterPrevious = "after-previous"
}
