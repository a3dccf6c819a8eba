/// The decision about a submit.
package enum SubmitDecision: Sendable {
  /// Its idempotency key is in force: the first answer is returned again.
  case repeated(SubmitReceipt)
  /// The live generation holds all of the wanted revision, and the submit asks for nothing else.
  case unchanged(SubmitReceipt)
  /// A job for exactly this is open. With a debounce, each such submit delays its start.
  case duplicate(SubmitReceipt, delaying: Debounce?)
  /// The workflow is a singleton, and its one job is open. The document and the idempotency key are not stored.
  case skipped(SubmitReceipt)
  case refused(Failure)
  /// The document takes this revision, and every open generation gets a job for it.
  case accepted(revision: Int)
}

/// The next fact that a store must read to decide a submit. A store reads one fact after another, and so no more rows
/// than the decision needs.
package enum SubmitQuestion: Sendable {
  /// ``SubmitFacts/firstAnswer``
  case firstAnswer
  /// ``SubmitFacts/heldByLive``
  case heldByLive
  /// ``SubmitFacts/openJob``
  case openJob
  /// ``SubmitFacts/singletonHolder``
  case singletonHolder
  case decided(SubmitDecision)
}

/// The facts about a submit that a store has read so far.
package struct SubmitFacts: Sendable {
  /// A fact that the store reads only if the decision depends on it.
  package enum Fact<Value: Sendable>: Sendable {
    case unread
    /// Nil if there is none.
    case read(Value?)
  }

  /// The document as the catalogue has it.
  package struct Document: Hashable, Sendable {
    package var id: DocumentID
    package var revision: Int
    package var isDelete: Bool
    package var content: ContentHash?
    /// JSON, as the store wrote it.
    package var meta: String
    package var workflow: String
    package var passwordFile: String?

    package init(
      id: DocumentID, revision: Int, isDelete: Bool, content: ContentHash?, meta: String, workflow: String,
      passwordFile: String? = nil
    ) {
      self.id = id
      self.revision = revision
      self.isDelete = isDelete
      self.content = content
      self.meta = meta
      self.workflow = workflow
      self.passwordFile = passwordFile
    }
  }

  /// The first answer to an idempotency key that is in force.
  package struct FirstAnswer: Sendable {
    /// The ``SubmitRequest/idempotencyRequest`` that it answered.
    package var request: String
    /// The receipt with outcome `duplicate` and the job's current state, or its last state if the job was removed.
    package var receipt: SubmitReceipt

    package init(request: String, receipt: SubmitReceipt) {
      self.request = request
      self.receipt = receipt
    }
  }

  package struct Held: Hashable, Sendable {
    package var revision: Int
    /// Chunks that it lost on the way.
    package var lost: Int

    package init(revision: Int, lost: Int) {
      self.revision = revision
      self.lost = lost
    }
  }

  /// Nil for a document that was never submitted.
  package var document: Document?
  package var firstAnswer: Fact<FirstAnswer> = .unread
  /// The revision that the live generation holds.
  package var heldByLive: Fact<Held> = .unread
  /// The open job of the wanted revision in the live generation that nobody has asked to stop.
  package var openJob: Fact<OpenJob> = .unread
  /// The open job with the singleton's name in the live generation that nobody has asked to stop.
  package var singletonHolder: Fact<OpenJob> = .unread

  package init(document: Document?) {
    self.document = document
  }

  /// Decides the submit, or says what has to be read first.
  /// - Parameter meta: the request's, as the store would write it.
  package func question(_ request: SubmitRequest, meta: String) -> SubmitQuestion {
    if let key = request.idempotencyKey {
      switch firstAnswer {
      case .unread: return .firstAnswer
      case .read(let first?):
        guard first.request == request.idempotencyRequest else {
          return .decided(.refused(.idempotencyKeyReused(key, source: request.source)))
        }
        return .decided(.repeated(first.receipt))
      case .read(nil): break
      }
    }
    if let document, document.wants(request, meta: meta) {
      switch heldByLive {
      case .unread: return .heldByLive
      case .read(let held):
        // A document that lost chunks is accepted again: another try may embed them.
        if let held, held.revision == document.revision, held.lost == 0 {
          return .decided(.unchanged(document.receipt(nil, .unchanged)))
        }
      }
      // A submit with another password is accepted again, since the open job may fail because of the old password.
      if request.passwordFile == nil || request.passwordFile == document.passwordFile {
        switch openJob {
        case .unread: return .openJob
        case .read(let job?):
          return .decided(.duplicate(document.receipt(job, .duplicate), delaying: request.debouncing))
        case .read(nil): break
        }
      }
    }
    if request.workflow.definition.singleton?.mode == .skip {
      switch singletonHolder {
      case .unread: return .singletonHolder
      case .read(let holder?):
        let none = SubmitReceipt(
          job: holder.id, document: DocumentID(rawValue: ""), revision: 0, state: holder.state, outcome: .skipped)
        return .decided(.skipped(document?.receipt(holder, .skipped) ?? none))
      case .read(nil): break
      }
    }
    guard document != nil || request.change != .delete else {
      return .decided(.refused(.documentNotFound(request)))
    }
    return .decided(.accepted(revision: (document?.revision ?? 0) + 1))
  }

  /// Whether the submit needs a write regardless of its outcome: a new idempotency key is stored with the answer,
  /// unless the submit is skipped or refused.
  package func mustWrite(_ request: SubmitRequest) -> Bool {
    guard request.idempotencyKey != nil, case .read(nil) = firstAnswer else { return false }
    return true
  }
}

extension SubmitDecision {
  /// The answer, if it needs no write; otherwise nil.
  package var unwrittenReceipt: SubmitReceipt? {
    switch self {
    case .repeated(let receipt), .unchanged(let receipt), .duplicate(let receipt, delaying: nil): receipt
    case .duplicate, .skipped, .refused, .accepted: nil
    }
  }
}

extension SubmitFacts.Document {
  /// Whether the wanted revision is what the request asks for.
  fileprivate func wants(_ request: SubmitRequest, meta: String) -> Bool {
    guard let content = request.content else { return isDelete }
    return !isDelete && self.content == content && self.meta == meta && workflow == request.workflow.definition.name
  }

  fileprivate func receipt(_ job: OpenJob?, _ outcome: SubmitReceipt.Outcome) -> SubmitReceipt {
    SubmitReceipt(job: job?.id, document: id, revision: revision, state: job?.state, outcome: outcome)
  }
}

extension SubmitRequest {
  /// The request that an idempotency key belongs to, as text. The same key with another text is refused.
  package var idempotencyRequest: String { "\(index)|\(uri)|\(content?.rawValue ?? "delete")" }

  /// The debounce in force: its own, or else its workflow's.
  package var debouncing: Debounce? { debounce ?? workflow.definition.debounce }
}

extension RatedWork {
  package init(_ request: SubmitRequest) {
    self.init(
      source: request.source, workflow: request.workflow.definition.name,
      document: Document(index: request.index, uri: request.uri, meta: request.meta))
  }
}

extension Failure {
  fileprivate static func documentNotFound(_ request: SubmitRequest) -> Failure {
    Failure(
      .permanent, code: "DOCUMENT_NOT_FOUND",
      "Index '\(request.index)' has no document '\(request.uri)' from source '\(request.source)'.",
      hint: "\(Action(.documentList)) shows what there is; uris are absolute paths unless \(option: "root") was given.",
      category: .notFound, reason: .documentNotFound)
  }
}
