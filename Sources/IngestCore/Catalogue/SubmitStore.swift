/// The store operations that accept documents. One method is one transaction, durable when it returns.
package protocol SubmitStore: Sendable {
  /// Returns what ``submit(_:)`` would return for each request, without accepting anything: `unchanged` or `duplicate`;
  /// nil if it would accept the request.
  func settled(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt?]
  /// Accepts a document's content or its deletion. Stores the wanted revision, a job for every open generation, small
  /// bytes, the idempotency key and the journal entry.
  /// - Throws: `INDEX_NOT_FOUND`, `IDEMPOTENCY_KEY_REUSED`, `DOCUMENT_NOT_FOUND` (for a delete), `BLOB_MISSING`.
  func submit(_ request: SubmitRequest) async throws -> SubmitReceipt
  /// Accepts several requests in order, all or none. A few dozen at most, because no other process can write meanwhile.
  func submit(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt]
}

package struct SubmitRequest: Sendable {
  /// How long idempotency keys are in force by default.
  package static let standardKeyLife: Duration = .seconds(30 * 86_400)

  /// The change to the document.
  package enum Change: Sendable, Hashable {
    /// Small bytes, stored within the submit's transaction.
    case bytes(Blob)
    /// Large bytes that the blob store already holds.
    case stored(ContentHash, size: Int)
    case delete
  }

  package var index: String
  package var source: String
  package var uri: String
  package var change: Change
  package var meta: [String: String]
  package var workflow: PinnedWorkflow
  /// A file on the worker's machine that contains the password of an encrypted document.
  package var passwordFile: String?
  /// −100…100; higher starts earlier.
  package var priority: Int
  /// Not before this time; nil means now.
  package var notBefore: Timestamp?
  package var idempotencyKey: String?
  /// How long the key is in force. Afterwards it counts as unused.
  package var keyLife: Duration
  /// The debounce for this submit; nil uses the workflow's own.
  package var debounce: Debounce?
  /// The actor that the journal records.
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

  /// The size in bytes.
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
    /// There is a new revision, and jobs for it.
    case accepted
    /// The live generation already holds exactly this.
    case unchanged
    /// A job for exactly this has not ended yet, or the idempotency key was used for it before.
    case duplicate
    /// Nothing was accepted or stored: the workflow is a singleton, and the job named here is open for the same key.
    case skipped
  }

  /// The live generation's job; nil when unchanged.
  package var job: JobID?
  /// Empty when skipped and the document was never accepted.
  package var document: DocumentID
  /// 0 when skipped and the document was never accepted.
  package var revision: Int
  /// The state of ``job``; for a job that retention has removed, the state that it ended in.
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
