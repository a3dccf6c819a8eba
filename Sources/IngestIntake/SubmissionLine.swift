package import IngestCore

/// The outcome of one item of a submission.
package struct SubmissionLine: Sendable {
  package enum Outcome: Sendable {
    case answered(SubmitReceipt)
    /// A dry run would submit it.
    case planned
    /// Its file vanished, and its document is deleted; nil in a dry run, which deletes nothing.
    case vanished(SubmitReceipt?)
    case skipped(SkipReason)
    case refused(Failure)
  }

  package var uri: String
  package var source: String
  package var index: String
  package var outcome: Outcome
  /// When an item that a rate limit refused can be accepted; nil for any other item.
  package var nextAt: Timestamp?

  package init(_ request: SubmitRequest, uri: String, outcome: Outcome) {
    self.uri = uri
    source = request.source
    index = request.index
    self.outcome = outcome
  }

  /// The job in the live generation; nil for an item that is skipped, refused or only planned.
  package var job: JobID? {
    switch outcome {
    case .answered(let receipt): receipt.outcome == .skipped ? nil : receipt.job
    case .vanished(let receipt): receipt?.job
    case .planned, .skipped, .refused: nil
    }
  }
}

extension Failure {
  /// Whether a rate limit refused the submit.
  package var isRateLimit: Bool { reason == .rateLimited }
}
