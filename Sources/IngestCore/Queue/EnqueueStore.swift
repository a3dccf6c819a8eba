/// The store operation that starts a workflow without a document or an index.
package protocol EnqueueStore: Sendable {
  /// Queues one job of a workflow. The job is durable when this returns.
  /// - Throws: `IDEMPOTENCY_KEY_REUSED`, `RATE_LIMITED`.
  func enqueue(_ request: EnqueueRequest) async throws -> EnqueueReceipt
}

/// A request to start one job of a workflow.
package struct EnqueueRequest: Sendable {
  /// The largest input, in bytes.
  package static let inputLimit = 64 * 1024

  package var workflow: PinnedWorkflow
  /// JSON that the steps receive.
  package var input: String
  /// The hash of ``input``. A later request with the same idempotency key must have the same hash.
  package var inputHash: ContentHash
  /// The source whose limits, weight and pauses apply to the job.
  package var source: String
  /// −100…100; higher starts earlier.
  package var priority: Int
  /// Not before this time; nil means now.
  package var notBefore: Timestamp?
  package var idempotencyKey: String?
  /// How long the key is in force.
  package var keyLife: Duration
  /// The actor that the journal records.
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
    /// The idempotency key was used before with the same input; this is the job of that request.
    case duplicate
    /// Nothing was queued: the workflow is a singleton, and the job named here has not ended.
    case skipped
  }

  package var job: JobID
  /// The job's state now; for a job that retention has removed, the state that it ended in.
  package var state: JobState?
  package var outcome: Outcome

  package init(job: JobID, state: JobState?, outcome: Outcome) {
    self.job = job
    self.state = state
    self.outcome = outcome
  }
}
