/// The decision about a job whose step failed: one pure function, so that the engine, the simulation and the tests
/// agree.
package enum RetryDecision: Hashable, Sendable {
  /// The step is tried again after the wait. `spends` is whether this try counts against ``RetryPolicy/attempts``.
  case retry(after: Duration, spends: Bool, reason: QueuedReason)
  /// The job becomes a dead letter.
  case dead
  /// Somebody asked to cancel the job.
  case cancelled

  /// How long a job waits for a dependency that gave no time.
  package static let unavailableWait: Duration = .seconds(30)
  /// How long a job waits when a quota is used up; a person can shorten it with `job retry`.
  package static let exhaustedWait: Duration = .seconds(900)

  /// - Parameters:
  ///   - attempt: the number of the failed try, from 1; tries that spent no attempt do not count.
  ///   - fraction: uniform in `0..<1`, for the jitter.
  package static func decide(_ failure: Failure, attempt: Int, policy: RetryPolicy, fraction: Double) -> Self {
    switch failure.kind {
    case .cancelled:
      return .cancelled
    case .permanent:
      return .dead
    case .throttled:
      return .retry(after: failure.retryAfter ?? policy.first, spends: false, reason: .throttled)
    case .unavailable:
      return .retry(after: failure.retryAfter ?? unavailableWait, spends: false, reason: .breakerOpen)
    case .exhausted:
      return .retry(after: failure.retryAfter ?? exhaustedWait, spends: false, reason: .exhausted)
    case .transient, .poison:
      guard attempt < policy.attempts else { return .dead }
      let wait = failure.retryAfter ?? policy.delay(afterAttempt: attempt, fraction: fraction)
      return .retry(after: wait, spends: true, reason: .retrying)
    }
  }
}
