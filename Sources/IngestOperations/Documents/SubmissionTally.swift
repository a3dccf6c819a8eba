package import IngestCore
package import IngestIntake

/// The counts of a submission.
package struct SubmissionTally: Sendable {
  package private(set) var accepted = 0
  package private(set) var unchanged = 0
  package private(set) var duplicate = 0
  package private(set) var planned = 0
  package private(set) var deleted = 0
  package private(set) var plannedDeletes = 0
  package private(set) var refused = 0
  /// Those past a rate limit; they are not among ``refused``.
  package private(set) var rateLimited = 0
  /// When the first of them can be accepted.
  package private(set) var nextAt: Timestamp?
  /// Their singleton's job is open.
  package private(set) var busy = 0
  package private(set) var skipped: [SkipReason: Int] = [:]
  /// Those to wait for: the live generation's jobs.
  package private(set) var jobs: [JobID] = []
  /// Of the first document that was not skipped.
  package private(set) var first: SubmitReceipt?

  /// Whether everything was passed over: nobody submits a folder for that.
  package var foundNothing: Bool {
    accepted + unchanged + duplicate + busy + planned + deleted + plannedDeletes + refused + rateLimited == 0
  }

  /// What refused a part of the submission; nil where nothing was refused. A limit's only where a limit alone refused.
  package var refusal: Failure.Category? {
    if refused > 0 { return .failed }
    return rateLimited > 0 ? .refused : nil
  }

  package mutating func note(_ line: SubmissionLine) {
    switch line.outcome {
    case .answered(let receipt):
      switch receipt.outcome {
      case .accepted: accepted += 1
      case .unchanged: unchanged += 1
      case .duplicate: duplicate += 1
      case .skipped: busy += 1
      }
      guard receipt.outcome != .skipped else { return }
      if let job = receipt.job { jobs.append(job) }
      if first == nil { first = receipt }
    case .planned: planned += 1
    case .vanished(let receipt?):
      deleted += 1
      if let job = receipt.job { jobs.append(job) }
    case .vanished(nil): plannedDeletes += 1
    case .skipped(let reason): skipped[reason, default: 0] += 1
    case .refused(let failure) where failure.isRateLimit:
      rateLimited += 1
      nextAt = [nextAt, line.nextAt].compactMap { $0 }.min()
    case .refused: refused += 1
    }
  }
}
