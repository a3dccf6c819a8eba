package import IngestCore
import IngestSQL

/// Writes of jobs that ended before the catalogue recorded them.
extension Store {
  package func unsettledWrites(
    _ scope: UnsettledScope, from cursor: UnsettledPage.Cursor?, limit: Int
  ) async throws -> UnsettledPage {
    let after = try cursor.map { try Self.key($0.rawValue) } ?? 0
    let lies: SQL =
      switch scope {
      case .due: "u.look_at <= \(clock.now.rawValue)"
      case .all: "1"
      case .generation(let index, let number): "i.name = \(index) AND g.number = \(number)"
      case .document(let document, let index, let number):
        """
        i.name = \(index) AND g.number = \(number)
        AND u.document_key = (SELECT key FROM documents WHERE id = \(document.rawValue))
        """
      }
    let writes = try await read { db in
      try db.rows(
        """
        SELECT u.key, i.name, g.number, d.id, u.revision
        FROM unsettled_writes u JOIN generations g ON g.key = u.generation_key JOIN indexes i ON i.key = g.index_key
          JOIN documents d ON d.key = u.document_key
        WHERE u.key > \(after) AND \(sql: lies) AND NOT \(sql: Self.isOpen) ORDER BY u.key LIMIT \(limit)
        """
      ) { row in
        UnsettledWrite(
          id: UnsettledWrite.ID(rawValue: "\(row.int64(0))"), index: row.text(1), generation: row.int(2),
          document: DocumentID(rawValue: row.text(3)), revision: row.int(4))
      }
    }
    return UnsettledPage(writes: writes, next: writes.last.map { UnsettledPage.Cursor(rawValue: $0.id.rawValue) })
  }

  package func isSettleable(_ write: UnsettledWrite) async throws -> Bool {
    let key = try Self.key(write.id.rawValue)
    return try await read { db in
      try db.first(
        "SELECT 1 FROM unsettled_writes u WHERE u.key = \(key) AND NOT \(sql: Self.isOpen)"
      ) { _ in true } ?? false
    }
  }

  package func settle(_ unsettled: UnsettledWrite, shown: ShownRevision?) async throws {
    try await write { transaction in try transaction.settle(unsettled, shown: shown) }
  }

  /// Whether a job of the same document is open. That job writes the document itself. The check follows when it ends.
  fileprivate static let isOpen: SQL = """
    EXISTS (SELECT 1 FROM jobs j
      WHERE j.generation_key = u.generation_key AND j.document_key = u.document_key AND j.finished_at IS NULL)
    """

  /// Reads what this store wrote into an id or a cursor.
  fileprivate static func key(_ text: String) throws -> Int64 {
    guard let key = Int64(text) else { throw Failure.damaged("the name of an unsettled write is '\(text)'") }
    return key
  }
}

extension WriteTransaction {
  /// Notes that a job which ends without its checkpoint may have written into its generation, so that a worker checks it.
  func noteUnsettledWrite(of job: JobRow) throws {
    guard job.wasClaimed, let document = job.document, let revision = job.revision else { return }
    // Under a new key: a check that began before must not settle it.
    let noted = try db.run(
      """
      INSERT OR REPLACE INTO unsettled_writes (generation_key, document_key, revision, noted_at, look_at)
      SELECT g.key, \(document), \(revision), \(now.rawValue), \(now.rawValue) FROM generations g
      WHERE g.key = \(job.generation) AND g.state <> 'deleted' AND NOT EXISTS (
        SELECT 1 FROM holdings
        WHERE generation_key = \(job.generation) AND document_key = \(document) AND revision >= \(revision))
      """)
    if noted > 0 { db.flag(CommitFlag.wake) }
  }

  fileprivate func settle(_ write: UnsettledWrite, shown: ShownRevision?) throws {
    let key = try Store.key(write.id.rawValue)
    let row = try db.first(
      """
      SELECT u.generation_key, u.document_key, u.noted_at,
        EXISTS (SELECT 1 FROM holdings h
          WHERE h.generation_key = u.generation_key AND h.document_key = u.document_key AND h.revision >= u.revision)
      FROM unsettled_writes u WHERE u.key = \(key) AND NOT \(sql: Store.isOpen)
      """
    ) { (generation: $0.int64(0), document: $0.int64(1), notedAt: $0.int64(2), isHeld: $0.bool(3)) }
    guard let row else { return }
    switch write.decide(isHeld: row.isHeld, shown: shown, age: .microseconds(now.rawValue - row.notedAt)) {
    case .takeOver(let shown):
      try takeOver(shown, of: row.document, in: row.generation)
      _ = try db.run("DELETE FROM unsettled_writes WHERE key = \(key)")
    case .checkAgain(let wait):
      _ = try db.run("UPDATE unsettled_writes SET look_at = \((now + wait).rawValue) WHERE key = \(key)")
    case .forget: _ = try db.run("DELETE FROM unsettled_writes WHERE key = \(key)")
    }
  }

  private func takeOver(_ shown: ShownRevision, of document: Int64, in generation: Int64) throws {
    // Chunks that it lost are stored without vectors.
    let lost = try db.first(
      """
      SELECT count(DISTINCT c.ordinal) FROM jobs j JOIN dead_chunks c ON c.job_key = j.key
      WHERE j.document_key = \(document) AND j.generation_key = \(generation) AND j.revision = \(shown.revision)
      """
    ) { $0.int(0) }
    try hold(
      shown.revision, shown.isDeleted ? .delete : .content, chunks: shown.chunks, lost: lost ?? 0, of: document,
      in: generation)
    // A swap that read the holdings before must see it.
    try journal("held", actor: "settlement", document: document, generation: generation)
  }

  /// Records that the generation shows this revision, unless it holds a later one.
  func hold(
    _ revision: Int, _ change: DocumentTask.Change, chunks: Int, lost: Int, of document: Int64?, in generation: Int64
  ) throws {
    _ = try db.run(
      """
      INSERT INTO holdings (generation_key, document_key, revision, change, chunks, lost)
      VALUES (\(generation), \(document), \(revision), \(change.rawValue), \(chunks), \(lost))
      ON CONFLICT (generation_key, document_key) DO UPDATE SET revision = excluded.revision,
        change = excluded.change, chunks = excluded.chunks, lost = excluded.lost
      WHERE excluded.revision >= revision
      """)
  }
}
