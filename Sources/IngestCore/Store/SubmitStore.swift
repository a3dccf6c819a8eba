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

/// A workflow and its version.
package struct PinnedWorkflow: Hashable, Sendable {
  package var version: ContentHash
  package var definition: WorkflowDefinition

  package init(version: ContentHash, definition: WorkflowDefinition) {
    self.version = version
    self.definition = definition
  }
}

package struct SubmitRequest: Sendable {
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
  /// Who asks, for the journal.
  package var actor: String

  package init(
    index: String, source: String, uri: String, change: Change, meta: [String: String] = [:], workflow: PinnedWorkflow,
    passwordFile: String? = nil, priority: Int = 0, notBefore: Timestamp? = nil, idempotencyKey: String? = nil,
    actor: String
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
    /// A job for exactly this is still going.
    case duplicate
  }

  /// The live generation's job; nil when unchanged.
  package var job: JobID?
  package var document: DocumentID
  package var revision: Int
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
