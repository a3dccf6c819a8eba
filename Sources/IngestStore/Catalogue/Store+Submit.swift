package import IngestCore
import IngestSQL

/// Accepts documents.
extension Store: SubmitStore {
  package func settled(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt?] {
    let metas = try requests.map { try $0.metaJSON }
    return try await read { [clock] db in
      try zip(requests, metas).map { request, meta -> SubmitReceipt? in
        let known = try db.first(
          """
          SELECT d.key, d.id, d.revision, d.change, d.content, d.meta, d.workflow, d.index_key, d.source_key,
            d.password_file
          FROM documents d JOIN indexes i ON i.key = d.index_key JOIN sources s ON s.key = d.source_key
          WHERE i.name = \(request.index) AND s.name = \(request.source) AND d.uri = \(request.uri)
          """, KnownDocument.init)
        guard let known else { return nil }
        return try db.unwrittenReceipt(request, meta: meta, known: known, now: clock.now)
      }
    }
  }

  package func submit(_ request: SubmitRequest) async throws -> SubmitReceipt {
    try await noteBoot()
    let meta = try request.metaJSON
    do {
      return try await write { transaction in
        let memo = SubmitMemo()
        let receipt = try transaction.submit(request, meta: meta, memo: memo)
        try transaction.flush(memo)
        return receipt
      }
    } catch let refusal as RateRefusal {
      try await write { try $0.rebaseRates(of: refusal.work) }
      throw refusal.failure
    }
  }

  package func submit(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt] {
    try await noteBoot()
    let metas = try requests.map { try $0.metaJSON }
    do {
      return try await write { transaction in
        let memo = SubmitMemo()
        let receipts = try zip(requests, metas).map { try transaction.submit($0, meta: $1, memo: memo) }
        try transaction.flush(memo)
        return receipts
      }
    } catch let refusal as RateRefusal {
      try await write { try $0.rebaseRates(of: refusal.work) }
      throw refusal.failure
    }
  }
}

/// The row of a document that a submit names.
private struct KnownDocument {
  var key: Int64
  var index: Int64
  var source: Int64
  var document: SubmitFacts.Document

  init(_ row: borrowing Row) {
    key = row.int64(0)
    index = row.int64(7)
    source = row.int64(8)
    document = SubmitFacts.Document(
      id: DocumentID(rawValue: row.text(1)), revision: row.int(2), isDelete: row.text(3) == "delete",
      content: row.optionalText(4).map(ContentHash.init), meta: row.text(5), workflow: row.text(6),
      passwordFile: row.optionalText(9))
  }
}

extension Connection {
  /// Returns what a submit answers without writing anything; nil if it has to write.
  fileprivate func unwrittenReceipt(
    _ request: SubmitRequest, meta: String, known: KnownDocument, now: Timestamp
  ) throws -> SubmitReceipt? {
    var facts = SubmitFacts(document: known.document)
    while !facts.mustWrite(request) {
      switch facts.question(request, meta: meta) {
      case .firstAnswer: facts.firstAnswer = .read(try firstAnswer(request, source: known.source, now: now))
      case .heldByLive: facts.heldByLive = .read(try heldByLive(known))
      case .openJob: facts.openJob = .read(try openJob(of: known))
      // A singleton is decided only in a write transaction.
      case .singletonHolder: return nil
      case .decided(.refused(let failure)): throw failure
      case .decided(let decision): return decision.unwrittenReceipt
      }
    }
    return nil
  }

  /// The revision that the live generation holds of a document.
  fileprivate func heldByLive(_ known: KnownDocument) throws -> SubmitFacts.Held? {
    try first(
      """
      SELECT h.revision, h.lost FROM generations g JOIN holdings h ON h.generation_key = g.key AND h.document_key = \(known.key)
      WHERE g.index_key = \(known.index) AND g.state = 'live'
      """
    ) { SubmitFacts.Held(revision: $0.int(0), lost: $0.int(1)) }
  }

  /// The open job of a document's wanted revision in the live generation.
  fileprivate func openJob(of known: KnownDocument) throws -> OpenJob? {
    try first(
      """
      SELECT j.id, j.state FROM jobs j JOIN generations g ON g.key = j.generation_key
      WHERE j.document_key = \(known.key) AND j.revision = \(known.document.revision) AND j.finished_at IS NULL
        AND j.cancel_requested = 0 AND g.state = 'live'
      """
    ) { OpenJob(id: JobID(rawValue: $0.text(0)), state: try JobState(stored: $0.text(1))) }
  }

  /// The first answer to an idempotency key that is in force, with its job's state as it is now or was last.
  fileprivate func firstAnswer(
    _ request: SubmitRequest, source: Int64, now: Timestamp
  ) throws -> SubmitFacts.FirstAnswer? {
    try first(
      """
      SELECT k.request, k.job, k.document, k.revision, coalesce((SELECT state FROM jobs WHERE id = k.job), k.state)
      FROM idempotency_keys k
      WHERE k.source_key = \(source) AND k.key = \(request.idempotencyKey)
        AND (k.expires_at IS NULL OR k.expires_at > \(now.rawValue))
      """
    ) { row in
      SubmitFacts.FirstAnswer(
        request: row.text(0),
        receipt: SubmitReceipt(
          job: row.optionalText(1).map(JobID.init), document: DocumentID(rawValue: row.optionalText(2) ?? ""),
          revision: row.optionalInt(3) ?? 0, state: try row.optionalText(4).map { try JobState(stored: $0) },
          outcome: .duplicate))
    }
  }
}

extension SubmitRequest {
  fileprivate var metaJSON: String {
    get throws { meta.isEmpty ? "{}" : try JSONText.encode(meta) }
  }
}

/// Where a submit's document is.
private struct SubmitPlace {
  var index: Int64
  var source: Int64
  /// Nil for a document that was never submitted.
  var known: KnownDocument?
}

extension WriteTransaction {
  fileprivate func submit(_ request: SubmitRequest, meta: String, memo: SubmitMemo) throws -> SubmitReceipt {
    let place = try place(of: request, memo)
    switch try decide(request, meta: meta, at: place, memo) {
    case .repeated(let receipt), .skipped(let receipt): return receipt
    case .unchanged(let receipt):
      try keep(request, source: place.source, receipt)
      return receipt
    case .duplicate(let receipt, let debounce):
      if let debounce, let known = place.known {
        try postpone(debounce, document: known.key, revision: receipt.revision)
      }
      try keep(request, source: place.source, receipt)
      return receipt
    case .refused(let failure): throw failure
    case .accepted(let revision):
      let receipt = try accept(request, revision, meta: meta, at: place, memo)
      try keep(request, source: place.source, receipt)
      return receipt
    }
  }

  private func place(of request: SubmitRequest, _ memo: SubmitMemo) throws -> SubmitPlace {
    let index = try memo.indexes.value(request.index) {
      let key = try db.first("SELECT key FROM indexes WHERE name = \(request.index)") { $0.int64(0) }
      guard let key else { throw Failure.indexNotFound(request.index, near: nil) }
      return key
    }
    let source = try memo.sources.value(request.source) { try sourceKey(request.source) }
    let known = try db.first(
      """
      SELECT key, id, revision, change, content, meta, workflow, index_key, source_key, password_file
      FROM documents
      WHERE index_key = \(index) AND source_key = \(source) AND uri = \(request.uri)
      """, KnownDocument.init)
    return SubmitPlace(index: index, source: source, known: known)
  }

  /// Reads what the outcome depends on, and nothing else.
  private func decide(
    _ request: SubmitRequest, meta: String, at place: SubmitPlace, _ memo: SubmitMemo
  ) throws -> SubmitDecision {
    var facts = SubmitFacts(document: place.known?.document)
    while true {
      switch facts.question(request, meta: meta) {
      case .firstAnswer: facts.firstAnswer = .read(try db.firstAnswer(request, source: place.source, now: now))
      case .heldByLive: facts.heldByLive = .read(try place.known.flatMap { try db.heldByLive($0) })
      case .openJob: facts.openJob = .read(try place.known.flatMap { try db.openJob(of: $0) })
      case .singletonHolder:
        let live = try openGenerations(of: place.index, memo).first(where: \.isLive)?.key
        facts.singletonHolder = .read(try live.flatMap { try singletonHolder(request, generation: $0) })
      case .decided(let decision): return decision
      }
    }
  }

  /// Stores the document's new revision, and a job for it in every open generation.
  private func accept(
    _ request: SubmitRequest, _ revision: Int, meta: String, at place: SubmitPlace, _ memo: SubmitMemo
  ) throws -> SubmitReceipt {
    // No limit keeps a document from being deleted, however often it changed before.
    if request.change != .delete { try takeRate(of: RatedWork(request)) }
    let blob: Int64? =
      switch request.change {
      case .bytes(let bytes): try insert(bytes)
      case .stored(let hash, _): try requireFile(hash)
      case .delete: nil
      }
    let document = try wanted(request, revision, meta: meta, at: place, blob: blob)
    let workflow = try memo.workflows.value(request.workflow.version) { try workflowKey(request.workflow) }
    let order = JobOrder(
      workflow: workflow, source: place.source, sourceName: request.source, priority: request.priority,
      notBefore: request.notBefore, deadline: request.workflow.definition.deadline, blob: blob, actor: request.actor)
    var live: JobID?
    for generation in try openGenerations(of: place.index, memo) {
      let task = DocumentTask(
        document: document.id, revision: revision, change: request.change == .delete ? .delete : .content,
        index: request.index, source: request.source, generation: generation.number, uri: request.uri,
        content: request.content, size: request.size, meta: request.meta, passwordFile: request.passwordFile)
      var own = generation.isLive ? order : order.behindLive
      try debounce(&own, request, document: document.key, generation: generation.key)
      try takeSingleton(&own, request, document: document.key, generation: generation.key, memo)
      let job = try enqueue(
        task, meta: meta, document: document.key, generation: generation.key, order: own, memo: memo)
      if generation.isLive { live = job }
    }
    return SubmitReceipt(
      job: live, document: document.id, revision: revision, state: live.map { _ in .queued }, outcome: .accepted)
  }

  private func openGenerations(
    of index: Int64, _ memo: SubmitMemo
  ) throws -> [(key: Int64, number: Int, isLive: Bool)] {
    try memo.generations.value(index) {
      try db.rows(
        "SELECT key, number, state FROM generations WHERE index_key = \(index) AND state <> 'deleted' ORDER BY number"
      ) { (key: $0.int64(0), number: $0.int(1), isLive: $0.text(2) == "live") }
    }
  }

  /// Records what an idempotency key stands for from now on, in place of one that has expired.
  private func keep(_ request: SubmitRequest, source: Int64, _ receipt: SubmitReceipt) throws {
    guard let key = request.idempotencyKey else { return }
    _ = try db.run(
      """
      INSERT INTO idempotency_keys (source_key, key, request, job, document, revision, created_at, expires_at)
      VALUES (\(source), \(key), \(request.idempotencyRequest), \(receipt.job?.rawValue),
        \(receipt.document.rawValue), \(receipt.revision), \(now.rawValue), \((now + request.keyLife).rawValue))
      ON CONFLICT (source_key, key) DO UPDATE SET request = excluded.request, job = excluded.job,
        document = excluded.document, revision = excluded.revision, created_at = excluded.created_at,
        expires_at = excluded.expires_at, state = NULL
      """)
  }

  /// Sets the document's wanted revision.
  private func wanted(
    _ request: SubmitRequest, _ revision: Int, meta: String, at place: SubmitPlace, blob: Int64?
  ) throws -> (key: Int64, id: DocumentID) {
    let change = request.change == .delete ? "delete" : "content"
    if let known = place.known {
      _ = try db.run(
        """
        UPDATE documents SET revision = \(revision), change = \(change), content = \(request.content?.rawValue),
          blob_key = \(blob), size = \(request.size), meta = \(meta), workflow = \(request.workflow.definition.name),
          password_file = \(request.passwordFile), changed_at = \(now.rawValue)
        WHERE key = \(known.key)
        """)
      return (known.key, known.document.id)
    }
    let id = identifiers.next(DocumentTag.self)
    let key = try db.first(
      """
      INSERT INTO documents (id, index_key, source_key, uri, revision, change, content, blob_key, size, meta, workflow,
        password_file, created_at, changed_at)
      VALUES (\(id.rawValue), \(place.index), \(place.source), \(request.uri), \(revision), \(change),
        \(request.content?.rawValue), \(blob), \(request.size), \(meta), \(request.workflow.definition.name),
        \(request.passwordFile), \(now.rawValue), \(now.rawValue))
      RETURNING key
      """
    ) { $0.int64(0) }
    return (key ?? 0, id)
  }

  func sourceKey(_ name: String) throws -> Int64 {
    if let key = try db.first("SELECT key FROM sources WHERE name = \(name)", { $0.int64(0) }) { return key }
    return try db.first(
      "INSERT INTO sources (name, created_at) VALUES (\(name), \(now.rawValue)) RETURNING key"
    ) { $0.int64(0) } ?? 0
  }

  func workflowKey(_ workflow: PinnedWorkflow) throws -> Int64 {
    let hash = workflow.version.rawValue
    if let key = try db.first("SELECT key FROM workflows WHERE hash = \(hash)", { $0.int64(0) }) { return key }
    return try db.first(
      """
      INSERT INTO workflows (hash, name, definition, created_at)
      VALUES (\(hash), \(workflow.definition.name), \(JSONText.encode(workflow.definition)), \(now.rawValue)) RETURNING key
      """
    ) { $0.int64(0) } ?? 0
  }
}

extension Dictionary {
  /// Returns the value of a key. The first call for a key finds the value and keeps it.
  fileprivate mutating func value(_ key: Key, _ find: () throws -> Value) rethrows -> Value {
    if let known = self[key] { return known }
    let found = try find()
    self[key] = found
    return found
  }
}
