/// What starts a workflow by itself, without a document or an index.
package protocol EnqueueStore: Sendable {
  /// Queues one job of a workflow, durable when it returns.
  /// - Throws: `IDEMPOTENCY_KEY_REUSED`, `RATE_LIMITED`.
  func enqueue(_ request: EnqueueRequest) async throws -> EnqueueReceipt
}

/// One job of a workflow that is to be started.
package struct EnqueueRequest: Sendable {
  /// Bytes of the input, at most.
  package static let inputLimit = 64 * 1024

  package var workflow: PinnedWorkflow
  /// JSON, as its steps are given it.
  package var input: String
  /// The hash of ``input``: an idempotency key stands for it.
  package var inputHash: ContentHash
  /// The source that its limits, weight and pauses are those of.
  package var source: String
  /// −100…100; higher starts earlier.
  package var priority: Int
  /// Not before this time; nil means now.
  package var notBefore: Timestamp?
  package var idempotencyKey: String?
  /// How long the key is in force.
  package var keyLife: Duration
  /// Who asks, for the journal.
  package var actor: String

  package init(
    workflow: PinnedWorkflow, input: String, inputHash: ContentHash, source: String, priority: Int = 0,
    notBefore: Timestamp? = nil, idempotencyKey: String? = nil, keyLife: Duration, actor: String
  ) {
    self.workflow = workflow
    self.input = input
    self.inputHash = inputHash
    self.source = source
    self.priority = priority
    self.notBefore = notBefore
    self.idempotencyKey = idempotencyKey
    self.keyLife = keyLife
    self.actor = actor
  }
}

package struct EnqueueReceipt: Hashable, Sendable {
  package enum Outcome: String, Codable, Sendable {
    /// A new job.
    case accepted
    /// The idempotency key was used for the same before: this is the job of then.
    case duplicate
    /// Nothing was queued: the workflow is a singleton, and the job named is open.
    case skipped
  }

  package var job: JobID
  /// Of a job that retention has removed, what it ended as.
  package var state: JobState?
  package var outcome: Outcome

  package init(job: JobID, state: JobState?, outcome: Outcome) {
    self.job = job
    self.state = state
    self.outcome = outcome
  }
}
