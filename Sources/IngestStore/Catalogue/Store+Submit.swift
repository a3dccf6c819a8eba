package import IngestCore
import IngestSQL

/// Accepting documents.
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
        // A key that is new has to be written down, whatever the answer.
        guard request.idempotencyKey == nil else {
          return try db.repeated(request, source: known.source, now: clock.now)
        }
        let receipt = try db.settled(request, meta: meta, known: known)
        // A debounced job that waits is put off by every submit, also by one that brings nothing new.
        return receipt?.outcome == .duplicate && request.debouncing != nil ? nil : receipt
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

/// A document as the catalogue has it.
private struct KnownDocument {
  var key: Int64
  var id: DocumentID
  var revision: Int
  var change: String
  var content: String?
  var meta: String
  var workflow: String
  var index: Int64
  var source: Int64
  var passwordFile: String?

  init(_ row: borrowing Row) {
    key = row.int64(0)
    id = DocumentID(rawValue: row.text(1))
    revision = row.int(2)
    change = row.text(3)
    content = row.optionalText(4)
    meta = row.text(5)
    workflow = row.text(6)
    index = row.int64(7)
    source = row.int64(8)
    passwordFile = row.optionalText(9)
  }

  /// Whether the wanted revision is what the request asks for.
  func wants(_ request: SubmitRequest, meta: String) -> Bool {
    guard let content = request.content else { return change == "delete" }
    return change == "content" && self.content == content.rawValue && self.meta == meta
      && workflow == request.workflow.definition.name
  }
}

extension Connection {
  /// `unchanged` only when live holds the wanted revision whole; `duplicate` only while its job is going; else nil.
  fileprivate func settled(_ request: SubmitRequest, meta: String, known: KnownDocument) throws -> SubmitReceipt? {
    guard known.wants(request, meta: meta) else { return nil }
    let held = try first(
      """
      SELECT h.revision, h.lost FROM generations g JOIN holdings h ON h.generation_key = g.key AND h.document_key = \(known.key)
      WHERE g.index_key = \(known.index) AND g.state = 'live'
      """
    ) { (revision: $0.int(0), lost: $0.int(1)) }
    // One that lost chunks on the way is worth another try.
    if let held, held.revision == known.revision, held.lost == 0 {
      return SubmitReceipt(
        job: nil, document: known.id, revision: known.revision, state: nil, outcome: .unchanged)
    }
    // Until the document was read, another password is another try: the one under way may die of the old one.
    if let passwordFile = request.passwordFile, passwordFile != known.passwordFile { return nil }
    let going = try first(
      """
      SELECT j.id, j.state FROM jobs j JOIN generations g ON g.key = j.generation_key
      WHERE j.document_key = \(known.key) AND j.revision = \(known.revision) AND j.finished_at IS NULL
        AND j.cancel_requested = 0 AND g.state = 'live'
      """
    ) { (JobID(rawValue: $0.text(0)), try JobState(stored: $0.text(1))) }
    return going.map { job, state in
      SubmitReceipt(job: job, document: known.id, revision: known.revision, state: state, outcome: .duplicate)
    }
  }

  /// The first answer to an idempotency key that is in force, with its job's state as it is now or was last.
  /// - Throws: `IDEMPOTENCY_KEY_REUSED` when the key came with other content.
  fileprivate func repeated(_ request: SubmitRequest, source: Int64, now: Timestamp) throws -> SubmitReceipt? {
    guard let key = request.idempotencyKey else { return nil }
    let before = try first(
      """
      SELECT k.request, k.job, k.document, k.revision, coalesce((SELECT state FROM jobs WHERE id = k.job), k.state)
      FROM idempotency_keys k
      WHERE k.source_key = \(source) AND k.key = \(key) AND (k.expires_at IS NULL OR k.expires_at > \(now.rawValue))
      """
    ) { row in
      (
        row.text(0),
        SubmitReceipt(
          job: row.optionalText(1).map(JobID.init), document: DocumentID(rawValue: row.optionalText(2) ?? ""),
          revision: row.optionalInt(3) ?? 0, state: try row.optionalText(4).map { try JobState(stored: $0) },
          outcome: .duplicate)
      )
    }
    guard let (asked, receipt) = before else { return nil }
    guard asked == request.idempotencyRequest else {
      throw Failure.idempotencyKeyReused(key, source: request.source)
    }
    return receipt
  }
}

extension SubmitRequest {
  fileprivate var metaJSON: String {
    get throws { meta.isEmpty ? "{}" : try JSONText.encode(meta) }
  }

  /// What an idempotency key stands for: the same key with anything else here is refused.
  fileprivate var idempotencyRequest: String { "\(index)|\(uri)|\(content?.rawValue ?? "delete")" }
}

extension WriteTransaction {
  fileprivate func submit(_ request: SubmitRequest, meta: String, memo: SubmitMemo) throws -> SubmitReceipt {
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
    if let known {
      if let receipt = try db.repeated(request, source: source, now: now) { return receipt }
      if let receipt = try db.settled(request, meta: meta, known: known) {
        if receipt.outcome == .duplicate { try postpone(request, document: known.key, revision: known.revision) }
        try keep(request, source: source, receipt)
        return receipt
      }
    } else if let receipt = try db.repeated(request, source: source, now: now) {
      return receipt
    }
    let generations = try openGenerations(of: index, memo)
    if let open = try skipped(request, live: generations.first(where: \.isLive)?.key) {
      return SubmitReceipt(
        job: open.job, document: known?.id ?? DocumentID(rawValue: ""), revision: known?.revision ?? 0,
        state: open.state, outcome: .skipped)
    }
    // What is to go must be able to go, however often its document changed before.
    if request.change != .delete { try takeRate(of: RatedWork(request)) }
    var blob: Int64?
    switch request.change {
    case .bytes(let bytes): blob = try insert(bytes)
    case .stored(let hash, _): blob = try requireFile(hash)
    case .delete:
      if known == nil {
        throw Failure(
          .permanent, code: "DOCUMENT_NOT_FOUND",
          "Index '\(request.index)' has no document '\(request.uri)' from source '\(request.source)'.",
          hint:
            "\(Action(.documentList)) shows what there is; uris are absolute paths unless \(option: "root") was given.",
          category: .notFound, reason: .documentNotFound)
      }
    }
    let document = try wanted(request, meta: meta, known: known, index: index, source: source, blob: blob)
    let workflow = try memo.workflows.value(request.workflow.version) { try workflowKey(request.workflow) }
    let order = JobOrder(
      workflow: workflow, source: source, sourceName: request.source, priority: request.priority,
      notBefore: request.notBefore, deadline: request.workflow.definition.deadline, blob: blob, actor: request.actor)
    var live: (job: JobID, state: JobState)?
    for generation in generations {
      let isLive = generation.isLive
      let task = DocumentTask(
        document: document.id, revision: document.revision, change: request.change == .delete ? .delete : .content,
        index: request.index, source: request.source, generation: generation.number, uri: request.uri,
        content: request.content, size: request.size, meta: request.meta, passwordFile: request.passwordFile)
      var own = isLive ? order : order.behindLive
      try debounce(&own, request, document: document.key, generation: generation.key)
      try takeSingleton(&own, request, document: document.key, generation: generation.key, memo)
      let job = try enqueue(
        task, meta: meta, document: document.key, generation: generation.key, order: own, memo: memo)
      if isLive { live = (job, .queued) }
    }
    let receipt = SubmitReceipt(
      job: live?.job, document: document.id, revision: document.revision, state: live?.state, outcome: .accepted)
    try keep(request, source: source, receipt)
    return receipt
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

  /// Writes down what an idempotency key stands for from now on, in place of one that has expired.
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
    _ request: SubmitRequest, meta: String, known: KnownDocument?, index: Int64, source: Int64, blob: Int64?
  ) throws -> (key: Int64, id: DocumentID, revision: Int) {
    let change = request.change == .delete ? "delete" : "content"
    if let known {
      _ = try db.run(
        """
        UPDATE documents SET revision = revision + 1, change = \(change), content = \(request.content?.rawValue),
          blob_key = \(blob), size = \(request.size), meta = \(meta), workflow = \(request.workflow.definition.name),
          password_file = \(request.passwordFile), changed_at = \(now.rawValue)
        WHERE key = \(known.key)
        """)
      return (known.key, known.id, known.revision + 1)
    }
    let id = identifiers.next(DocumentTag.self)
    let key = try db.first(
      """
      INSERT INTO documents (id, index_key, source_key, uri, revision, change, content, blob_key, size, meta, workflow,
        password_file, created_at, changed_at)
      VALUES (\(id.rawValue), \(index), \(source), \(request.uri), 1, \(change), \(request.content?.rawValue),
        \(blob), \(request.size), \(meta), \(request.workflow.definition.name), \(request.passwordFile), \(now.rawValue),
        \(now.rawValue))
      RETURNING key
      """
    ) { $0.int64(0) }
    return (key ?? 0, id, 1)
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
  /// The value of a key, found out and kept when it is first asked for.
  fileprivate mutating func value(_ key: Key, _ find: () throws -> Value) rethrows -> Value {
    if let known = self[key] { return known }
    let found = try find()
    self[key] = found
    return found
  }
}
