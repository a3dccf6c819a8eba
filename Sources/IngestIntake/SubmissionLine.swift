package import IngestCore

/// What became of one item of a submission.
package struct SubmissionLine: Sendable {
  package enum Outcome: Sendable {
    case answered(SubmitReceipt)
    /// Of a dry run: it would be submitted.
    case planned
    /// Its file vanished, and it is deleted; nil in a dry run, which only says so.
    case vanished(SubmitReceipt?)
    case skipped(SkipReason)
    case refused(Failure)
  }

  package var uri: String
  package var source: String
  package var index: String
  package var outcome: Outcome
  /// Of one that a rate limit refused: when it can be accepted.
  package var nextAt: Timestamp?

  package init(_ request: SubmitRequest, uri: String, outcome: Outcome) {
    self.uri = uri
    source = request.source
    index = request.index
    self.outcome = outcome
  }

  /// The live generation's job for it: of a skipped one there is none.
  package var job: JobID? {
    switch outcome {
    case .answered(let receipt): receipt.outcome == .skipped ? nil : receipt.job
    case .vanished(let receipt): receipt?.job
    case .planned, .skipped, .refused: nil
    }
  }
}

extension Failure {
  /// Whether a submit was refused for having come too soon.
  package var isRateLimit: Bool { reason == .rateLimited }
}
