package import IngestCore
package import IngestIntake

/// The outcome of one item of a submit or delete.
package struct SubmitResponse: Codable, Hashable, Sendable {
  package enum Outcome: String, Codable, Sendable, CaseIterable {
    case accepted, unchanged, duplicate, skipped, refused
    /// Its file vanished from a scanned folder, and its deletion was accepted.
    case deleted
    /// A dry run would submit it.
    case planned
    /// A dry run would submit its deletion.
    case plannedDelete = "planned-delete"
  }

  package var job: JobID?
  package var document: DocumentID?
  package var revision: Int?
  package var uri: String
  package var source: String
  package var index: String
  package var state: JobState?
  package var outcome: Outcome
  /// Why the item was skipped, or `rate_limited`.
  package var reason: String?
  /// How long until an item that a rate limit refused can be accepted.
  package var retryAfterMs: Int64?
  /// When an item that a rate limit refused can be accepted.
  package var nextAt: Timestamp?
  package var error: ErrorBody?

  package init(_ line: SubmissionLine) {
    uri = line.uri
    source = line.source
    index = line.index
    switch line.outcome {
    case .answered(let receipt):
      switch receipt.outcome {
      case .accepted: outcome = .accepted
      case .unchanged: outcome = .unchanged
      case .duplicate: outcome = .duplicate
      case .skipped:
        outcome = .skipped
        reason = "singleton"
      }
      take(receipt)
    case .vanished(let receipt?):
      outcome = .deleted
      take(receipt)
    case .vanished(nil):
      outcome = .plannedDelete
    case .planned:
      outcome = .planned
    case .skipped(let why):
      outcome = .skipped
      reason = why.rawValue
    case .refused(let failure):
      outcome = .refused
      if failure.isRateLimit {
        reason = "rate_limited"
        retryAfterMs = failure.retryAfter?.milliseconds
        nextAt = line.nextAt
      }
      error = ErrorBody(failure)
    }
  }

  private mutating func take(_ receipt: SubmitReceipt) {
    job = receipt.job
    state = receipt.state
    guard receipt.revision > 0 else { return }
    document = receipt.document
    revision = receipt.revision
  }
}
