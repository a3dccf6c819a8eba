/// What the submitter asks of the store. One method is one transaction, durable when it returns.
package protocol SubmitStore: Sendable {
  /// What ``submit(_:)`` would answer to each without accepting anything: `unchanged` or `duplicate`; nil where it would
  /// accept.
  func settled(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt?]
  /// Accepts a document's content or its deletion: the wanted revision, a job for every open generation, small bytes,
  /// idempotency key and journal.
  /// - Throws: `INDEX_NOT_FOUND`, `IDEMPOTENCY_KEY_REUSED`, `DOCUMENT_NOT_FOUND` (for a delete), `BLOB_MISSING`.
  func submit(_ request: SubmitRequest) async throws -> SubmitReceipt
  /// Several of them, all or none, in their order. A few dozen at most: nobody else writes meanwhile.
  func submit(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt]
}

package struct SubmitRequest: Sendable {
  /// How long idempotency keys are in force where nobody says.
  package static let standardKeyLife: Duration = .seconds(30 * 86_400)

  /// What becomes of the document.
  package enum Change: Sendable, Hashable {
    /// Small bytes, stored within the submit's transaction.
    case bytes(Blob)
    /// Large bytes that the blob store already has.
    case stored(ContentHash, size: Int)
    case delete
  }

  package var index: String
  package var source: String
  package var uri: String
  package var change: Change
  package var meta: [String: String]
  package var workflow: PinnedWorkflow
  /// A file on the worker's machine with the password of an encrypted document.
  package var passwordFile: String?
  /// −100…100; higher starts earlier.
  package var priority: Int
  /// Not before this time; nil means now.
  package var notBefore: Timestamp?
  package var idempotencyKey: String?
  /// How long the key is in force; after it, it is as if it had never been.
  package var keyLife: Duration
  /// In place of the workflow's own; nil leaves that one in force.
  package var debounce: Debounce?
  /// Who asks, for the journal.
  package var actor: String

  package init(
    index: String, source: String, uri: String, change: Change, meta: [String: String] = [:], workflow: PinnedWorkflow,
    passwordFile: String? = nil, priority: Int = 0, notBefore: Timestamp? = nil, idempotencyKey: String? = nil,
    keyLife: Duration = standardKeyLife, debounce: Debounce? = nil, actor: String
  ) {
    self.index = index
    self.source = source
    self.uri = uri
    self.change = change
    self.meta = meta
    self.workflow = workflow
    self.passwordFile = passwordFile
    self.priority = priority
    self.notBefore = notBefore
    self.idempotencyKey = idempotencyKey
    self.keyLife = keyLife
    self.debounce = debounce
    self.actor = actor
  }

  package var content: ContentHash? {
    switch change {
    case .bytes(let blob): blob.hash
    case .stored(let hash, _): hash
    case .delete: nil
    }
  }

  /// Bytes.
  package var size: Int {
    switch change {
    case .bytes(let blob): blob.bytes.count
    case .stored(_, let size): size
    case .delete: 0
    }
  }
}

package struct SubmitReceipt: Hashable, Sendable {
  package enum Outcome: String, Codable, Sendable {
    /// A new revision, and jobs for it.
    case accepted
    /// Live holds exactly this already.
    case unchanged
    /// A job for exactly this is still going, or the idempotency key was used for it before.
    case duplicate
    /// Not accepted, and nothing stored: the workflow is a singleton, and the job named is open for the same key.
    case skipped
  }

  /// The live generation's job; nil when unchanged.
  package var job: JobID?
  /// Empty when skipped and the document was never accepted.
  package var document: DocumentID
  /// 0 when skipped and the document was never accepted.
  package var revision: Int
  /// Of ``job``; of one that retention has removed, what it ended as.
  package var state: JobState?
  package var outcome: Outcome

  package init(job: JobID?, document: DocumentID, revision: Int, state: JobState?, outcome: Outcome) {
    self.job = job
    self.document = document
    self.revision = revision
    self.state = state
    self.outcome = outcome
  }
}
