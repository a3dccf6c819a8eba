/// The state of a job. Every job ends in exactly one of the last three states.
package enum JobState: String, Codable, Sendable, CaseIterable {
  /// Due now or scheduled, see ``QueuedReason``. Entered by submit, a retry, a release, a redrive or the death of its
  /// worker; left by a claim or a cancel.
  case queued
  /// Leased by a worker. Entered by a claim; left by finish, or when its lease expires.
  case running
  /// Waits for other jobs, its children, a signal or an approval. Entered by finish; left when the awaited event
  /// arrives, when the wait times out, or by a cancel.
  case waiting
  /// Every step has its checkpoint. Entered by finish; never left (a replay makes a new job).
  case completed
  /// Cancelled by request, superseded by a newer revision, or ended with its parent. Entered by cancel, finish, submit
  /// or the parent's outcome; left only by a child whose parent is redriven.
  case cancelled
  /// A dead letter. Entered by finish or by quarantine; left by redrive, or by purge.
  case dead

  package var isEnd: Bool { self == .completed || self == .cancelled || self == .dead }
}

/// Why a queued job is not running.
package enum QueuedReason: String, Codable, Sendable, CaseIterable {
  /// The job can start as soon as a worker claims it.
  case ready
  /// The job has a later start time.
  case scheduled
  /// The job waits until the backoff after a failed attempt has passed.
  case retrying
  /// The job waits for a provider's limit or for a configured limit.
  case throttled
  /// The job waits for a dependency.
  case breakerOpen = "breaker-open"
  /// The job waits until a person provides quota or a working key.
  case exhausted
  /// Its source or workflow is paused.
  case paused
  /// The job waits for the previous job of the same document; a child waits for its turn among the other children.
  case afterPrevious = "after-previous"
}
