/// The decision about the start of a workflow without an index.
package enum EnqueueDecision: Hashable, Sendable {
  /// Its idempotency key is in force: the first answer is returned again.
  case repeated(EnqueueReceipt)
  case skipped(EnqueueReceipt)
  /// A new job. If the workflow is a singleton, the job takes the singleton's name.
  case accepted(replacesHolder: Bool)

  /// The first answer to an idempotency key that is in force.
  package struct FirstAnswer: Hashable, Sendable {
    /// The ``EnqueueRequest/idempotencyRequest`` that it answered.
    package var request: String
    /// The receipt with outcome `duplicate` and the job's current state, or its last state if the job was removed.
    package var receipt: EnqueueReceipt

    package init(request: String, receipt: EnqueueReceipt) {
      self.request = request
      self.receipt = receipt
    }
  }

  /// - Parameters:
  ///   - firstAnswer: nil without a key, and for a new key.
  ///   - holder: the open job with the singleton's name that nobody has asked to stop. Not used if there is a first
  ///     answer.
  /// - Throws: `IDEMPOTENCY_KEY_REUSED`.
  package init(
    _ request: EnqueueRequest, firstAnswer: FirstAnswer?, holder: OpenJob?
  ) throws(Failure) {
    if let firstAnswer {
      guard firstAnswer.request == request.idempotencyRequest else {
        throw .idempotencyKeyReused(request.idempotencyKey ?? "", source: request.source)
      }
      self = .repeated(firstAnswer.receipt)
      return
    }
    guard let claim = request.singleton, let holder else {
      self = .accepted(replacesHolder: false)
      return
    }
    switch claim.decide(holder: SingletonClaim.Holder(isQueued: holder.state == .queued)) {
    case .skip: self = .skipped(EnqueueReceipt(job: holder.id, state: holder.state, outcome: .skipped))
    case .replace: self = .accepted(replacesHolder: true)
    case .take, .goWithout: self = .accepted(replacesHolder: false)
    }
  }
}

/// A job that has not ended.
package struct OpenJob: Hashable, Sendable {
  package var id: JobID
  package var state: JobState

  package init(id: JobID, state: JobState) {
    self.id = id
    self.state = state
  }
}

extension EnqueueRequest {
  /// The request that an idempotency key belongs to, as text. It never equals the text of a submit, because no index
  /// has a `:` in its name.
  package var idempotencyRequest: String { "workflow:\(workflow.definition.name)|\(inputHash)" }
}

extension Failure {
  package static func idempotencyKeyReused(_ key: String, source: String) -> Failure {
    Failure(
      .permanent, code: "IDEMPOTENCY_KEY_REUSED",
      "The idempotency key '\(key)' of source '\(source)' was used with different content.",
      hint: "Use a new key for new content, or leave \(option: "key") out.", category: .refused, scope: .everyone)
  }
}
