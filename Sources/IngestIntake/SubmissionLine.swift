package import IngestCore

/// What became of one item of a submission; its JSON is `submit`'s stable one.
package struct SubmissionLine: Encodable, Sendable {
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

  private enum Key: String, CodingKey {
    case job, document, revision, uri, source, index, state, outcome, reason, error
    case retryAfter = "retry_after_ms"
    case nextAt = "next_at"
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(uri, forKey: .uri)
    try values.encode(source, forKey: .source)
    try values.encode(index, forKey: .index)
    switch outcome {
    case .answered(let receipt):
      try encode(receipt, to: &values)
      try values.encode(receipt.outcome, forKey: .outcome)
      if receipt.outcome == .skipped { try values.encode("singleton", forKey: .reason) }
    case .vanished(let receipt?):
      try encode(receipt, to: &values)
      try values.encode("deleted", forKey: .outcome)
    case .vanished(nil):
      try values.encode("planned-delete", forKey: .outcome)
    case .planned:
      try values.encode("planned", forKey: .outcome)
    case .skipped(let reason):
      try values.encode("skipped", forKey: .outcome)
      try values.encode(reason.rawValue, forKey: .reason)
    case .refused(let failure):
      try values.encode("refused", forKey: .outcome)
      if failure.isRateLimit {
        try values.encode("rate_limited", forKey: .reason)
        try values.encodeIfPresent(failure.retryAfter?.milliseconds, forKey: .retryAfter)
        try values.encodeIfPresent(nextAt, forKey: .nextAt)
      }
      try values.encode(failure, forKey: .error)
    }
  }

  private func encode(_ receipt: SubmitReceipt, to values: inout KeyedEncodingContainer<Key>) throws {
    try values.encodeIfPresent(receipt.job, forKey: .job)
    if receipt.revision > 0 {
      try values.encode(receipt.document, forKey: .document)
      try values.encode(receipt.revision, forKey: .revision)
    }
    try values.encodeIfPresent(receipt.state, forKey: .state)
  }
}

extension Failure {
  /// Whether a submit was refused for having come too soon.
  package var isRateLimit: Bool { code == "RATE_LIMITED" }
}
