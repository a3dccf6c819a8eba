package import IngestCore
import IngestSQL

/// Work on a generation as a whole: what it should hold, and the jobs that it still needs.
extension Store {
  package func fill(
    index: String, generation: Int, after: DocumentID?, limit: Int, actor: String
  ) async throws -> FillReport {
    try await write { transaction in
      let row = try transaction.db.openGeneration(index, generation)
      // The `+` keeps SQLite from sorting all documents of the index for each page.
      let documents = try transaction.db.rows(
        """
        SELECT \(raw: WantedDocument.columns) FROM documents d
        WHERE +d.index_key = \(row.indexKey) AND d.id > \(after?.rawValue ?? "") ORDER BY d.id LIMIT \(limit)
        """, WantedDocument.init)
      var queued = 0
      var workflows: [String: StoredWorkflow] = [:]
      for document in documents where try transaction.needs(document, in: row) {
        try transaction.queueWanted(document, in: row, actor: actor, workflows: &workflows)
        queued += 1
      }
      return FillReport(queued: queued, next: documents.count < limit ? nil : documents.last?.id)
    }
  }

  package func requeue(_ index: String, _ number: Int, documents: [DocumentID], actor: String) async throws -> Int {
    try await queue(index, number, documents, forgetting: true, actor: actor)
  }

  package func queueWanted(
    _ index: String, _ number: Int, documents: [DocumentID], actor: String
  ) async throws -> Int {
    try await queue(index, number, documents, forgetting: false, actor: actor)
  }

  /// Queues jobs for documents.
  /// - Parameter forgetting: whether to delete what the generation holds of them, which is gone or not reliable.
  private func queue(
    _ index: String, _ number: Int, _ documents: [DocumentID], forgetting: Bool, actor: String
  ) async throws -> Int {
    var queued = 0
    for id in documents {
      queued += try await write { transaction in
        let db = transaction.db
        let row = try db.openGeneration(index, number)
        let document = try db.first(
          "SELECT \(raw: WantedDocument.columns) FROM documents d WHERE d.id = \(id.rawValue)", WantedDocument.init)
        guard let document else { return 0 }
        if forgetting {
          _ = try db.run(
            "DELETE FROM holdings WHERE generation_key = \(row.key) AND document_key = \(document.key)")
          // A swap that read its gate before must see that the document is not held any more.
          try transaction.journal("unheld", actor: actor, document: document.key, generation: row.key)
        }
        guard try !db.hasFreshJob(document: document.key, generation: row.key) else { return 0 }
        var workflows: [String: StoredWorkflow] = [:]
        try transaction.queueWanted(document, in: row, actor: actor, workflows: &workflows)
        return 1
      }
    }
    return queued
  }

  package func holdings(_ index: String, _ number: Int, after: DocumentID?, limit: Int) async throws -> [Holding] {
    try await read { db in
      let row = try db.generation(index, number)
      return try db.rows(
        """
        \(sql: Self.holdingQuery(generation: row.key))
        WHERE +d.index_key = \(row.indexKey) AND d.id > \(after?.rawValue ?? "") ORDER BY d.id LIMIT \(limit)
        """, Self.holding)
    }
  }

  package func holdings(_ index: String, _ number: Int, of documents: [DocumentID]) async throws -> [Holding] {
    try await read { db in
      let row = try db.generation(index, number)
      return try documents.compactMap { id in
        try db.first(
          "\(sql: Self.holdingQuery(generation: row.key)) WHERE d.id = \(id.rawValue)", Self.holding)
      }
    }
  }

  private static func holdingQuery(generation: Int64) -> SQL {
    """
    SELECT d.id, d.uri, d.revision, d.change, h.revision, h.change, coalesce(h.chunks, 0), EXISTS (
        SELECT 1 FROM jobs j
        WHERE j.generation_key = \(generation) AND j.document_key = d.key AND j.finished_at IS NULL),
      EXISTS (SELECT 1 FROM jobs j WHERE j.document_key = d.key AND j.generation_key = \(generation)
        AND j.revision = d.revision AND j.state = 'dead')
    FROM documents d LEFT JOIN holdings h ON h.generation_key = \(generation) AND h.document_key = d.key
    """
  }

  private static func holding(_ row: borrowing Row) throws -> Holding {
    Holding(
      document: DocumentID(rawValue: row.text(0)), uri: row.text(1), wanted: row.int(2),
      wantedChange: row.text(3) == "delete" ? .delete : .content, revision: row.optionalInt(4),
      change: row.optionalText(5).map { $0 == "delete" ? .delete : .content }, chunks: row.int(6),
      inFlight: row.bool(7), died: row.bool(8))
  }
}

/// A document and its wanted revision, with all that its job needs.
private struct WantedDocument {
  var key: Int64
  var id: DocumentID
  var source: Int64
  var sourceName: String
  var uri: String
  var revision: Int
  var isDelete: Bool
  var content: ContentHash?
  var size: Int
  var meta: String
  var workflow: String
  var passwordFile: String?
  var blob: Int64?

  static let columns: StaticString = """
    d.key, d.id, d.source_key, (SELECT name FROM sources WHERE key = d.source_key), d.uri, d.revision, \
    d.change = 'delete', d.content, d.size, d.meta, d.workflow, \
    d.password_file, d.blob_key
    """

  init(_ row: borrowing Row) {
    key = row.int64(0)
    id = DocumentID(rawValue: row.text(1))
    source = row.int64(2)
    sourceName = row.text(3)
    uri = row.text(4)
    revision = row.int(5)
    isDelete = row.bool(6)
    content = row.optionalText(7).map(ContentHash.init)
    size = row.int(8)
    meta = row.text(9)
    workflow = row.text(10)
    passwordFile = row.optionalText(11)
    blob = row.optionalInt64(12)
  }

  var wanted: WantedRevision { WantedRevision(revision: revision, isDelete: isDelete) }
}

/// A stored workflow definition, read once for many documents.
private struct StoredWorkflow {
  var key: Int64
  var deadline: Duration?
}

extension Connection {
  /// Whether a job is queued that will run all its steps. A job that has begun may already have written what a repair
  /// has just removed.
  fileprivate func hasFreshJob(document: Int64, generation: Int64) throws -> Bool {
    try first(
      """
      SELECT 1 FROM jobs
      WHERE generation_key = \(generation) AND document_key = \(document) AND finished_at IS NULL AND state = 'queued'
        AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.job_key = jobs.key) LIMIT 1
      """
    ) { _ in true } ?? false
  }

  /// Returns a generation that still accepts writes.
  /// - Throws: `GENERATION_DELETED`, since a late worker must neither queue work for it nor create its files again.
  fileprivate func openGeneration(_ index: String, _ number: Int) throws -> GenerationRow {
    let row = try generation(index, number)
    guard row.value.isOpen else {
      throw Failure(
        .permanent, code: "GENERATION_DELETED", "Generation \(number) of '\(index)' was deleted.",
        hint: "\(Action(.indexShow, index)) lists the existing generations.", category: .refused)
    }
    return row
  }
}

extension WriteTransaction {
  /// Whether the generation lacks the wanted revision and no job for it is open or dead.
  fileprivate func needs(_ document: WantedDocument, in generation: GenerationRow) throws -> Bool {
    let held = try db.first(
      """
      SELECT revision, change FROM holdings
      WHERE generation_key = \(generation.key) AND document_key = \(document.key)
      """
    ) { WantedRevision.Held(revision: $0.int(0), isDelete: $0.text(1) == "delete") }
    guard document.wanted.isLacking(in: held) else { return false }
    let settled = try db.first(
      """
      SELECT 1 FROM jobs
      WHERE document_key = \(document.key) AND generation_key = \(generation.key) AND revision = \(document.revision)
        AND (finished_at IS NULL OR state = 'dead') LIMIT 1
      """
    ) { _ in true }
    return settled == nil
  }

  /// Queues a job for the wanted revision, on the newest stored definition of the workflow that it was submitted with.
  fileprivate func queueWanted(
    _ document: WantedDocument, in generation: GenerationRow, actor: String, workflows: inout [String: StoredWorkflow]
  ) throws {
    let workflow = try workflows[document.workflow] ?? newest(document.workflow)
    workflows[document.workflow] = workflow
    let order = JobOrder(
      workflow: workflow.key, source: document.source, sourceName: document.sourceName, priority: 0, notBefore: nil,
      deadline: workflow.deadline, blob: document.blob, actor: actor)
    let task = DocumentTask(
      document: document.id, revision: document.revision, change: document.isDelete ? .delete : .content,
      index: generation.value.index, source: document.sourceName, generation: generation.value.number,
      uri: document.uri, content: document.content, size: document.size, meta: [:],
      passwordFile: document.passwordFile)
    _ = try enqueue(
      task, meta: document.meta, document: document.key, generation: generation.key, order: order.behindLive)
  }
  private func newest(_ name: String) throws -> StoredWorkflow {
    let stored = try db.first(
      "SELECT key, definition FROM workflows WHERE name = \(name) ORDER BY key DESC LIMIT 1"
    ) { StoredWorkflow(key: $0.int64(0), deadline: try JSONText.decode(WorkflowDefinition.self, $0.text(1)).deadline) }
    guard let stored else { throw Failure.damaged("workflow '\(name)' of a document is not kept") }
    return stored
  }
}
