package import IngestCore
import IngestSQL

/// Writes of jobs that ended before the catalogue was told of them.
extension Store {
  package func unsettledWrites(_ scope: UnsettledScope, after: Int64, limit: Int) async throws -> [UnsettledWrite] {
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
    return try await read { db in
      try db.rows(
        """
        SELECT u.key, i.name, g.number, d.id, u.revision
        FROM unsettled_writes u JOIN generations g ON g.key = u.generation_key JOIN indexes i ON i.key = g.index_key
          JOIN documents d ON d.key = u.document_key
        WHERE u.key > \(after) AND \(sql: lies) AND NOT \(sql: Self.isOpen) ORDER BY u.key LIMIT \(limit)
        """
      ) { row in
        UnsettledWrite(
          key: row.int64(0), index: row.text(1), generation: row.int(2), document: DocumentID(rawValue: row.text(3)),
          revision: row.int(4))
      }
    }
  }

  package func isSettleable(_ write: UnsettledWrite) async throws -> Bool {
    try await read { db in
      try db.first(
        "SELECT 1 FROM unsettled_writes u WHERE u.key = \(write.key) AND NOT \(sql: Self.isOpen)"
      ) { _ in true } ?? false
    }
  }

  package func settle(_ unsettled: UnsettledWrite, shown: ShownRevision?) async throws {
    try await write { transaction in try transaction.settle(unsettled, shown: shown) }
  }

  /// Whether a job of the same document is open: it writes itself, and whatever it leaves is looked at after it.
  fileprivate static let isOpen: SQL = """
    EXISTS (SELECT 1 FROM jobs j
      WHERE j.generation_key = u.generation_key AND j.document_key = u.document_key AND j.finished_at IS NULL)
    """
}

extension WriteTransaction {
  /// How long a worker that was stopped may take to wake and to write, in microseconds: so long its job's write is looked for.
  private static let lateness: Int64 = 86_400_000_000
  /// Between the first looks, in microseconds.
  private static let pause: Int64 = 60_000_000

  /// Has somebody look whether a job that ends without its checkpoint had written into its generation.
  func noteUnsettledWrite(of job: JobRow) throws {
    guard job.wasClaimed, let document = job.document, let revision = job.revision else { return }
    // Under a new key: whoever looked before this must not settle it.
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
    let row = try db.first(
      """
      SELECT u.generation_key, u.document_key, u.noted_at,
        EXISTS (SELECT 1 FROM holdings h
          WHERE h.generation_key = u.generation_key AND h.document_key = u.document_key AND h.revision >= u.revision)
      FROM unsettled_writes u WHERE u.key = \(write.key) AND NOT \(sql: Store.isOpen)
      """
    ) { (generation: $0.int64(0), document: $0.int64(1), notedAt: $0.int64(2), isHeld: $0.bool(3)) }
    guard let row else { return }
    if !row.isHeld {
      if let shown, shown.revision == write.revision {
        try takeOver(shown, of: row.document, in: row.generation)
      } else if let wait = Self.wait(after: now.rawValue - row.notedAt) {
        _ = try db.run("UPDATE unsettled_writes SET look_at = \(now.rawValue + wait) WHERE key = \(write.key)")
        return
      }
    }
    _ = try db.run("DELETE FROM unsettled_writes WHERE key = \(write.key)")
  }

  /// Until the next look at a write of this age, ever longer; nil once nobody can be about to write any more.
  private static func wait(after age: Int64) -> Int64? {
    guard age < lateness else { return nil }
    return max(pause, min(5 * age, lateness - age))
  }

  private func takeOver(_ shown: ShownRevision, of document: Int64, in generation: Int64) throws {
    // What was lost of it is stored without vectors.
    let lost = try db.first(
      """
      SELECT count(DISTINCT c.ordinal) FROM jobs j JOIN dead_chunks c ON c.job_key = j.key
      WHERE j.document_key = \(document) AND j.generation_key = \(generation) AND j.revision = \(shown.revision)
      """
    ) { $0.int(0) }
    try hold(
      shown.revision, shown.isDeleted ? .delete : .content, chunks: shown.chunks, lost: lost ?? 0, of: document,
      in: generation)
    // A swap that looked before must see it.
    try journal("held", actor: "settlement", document: document, generation: generation)
  }

  /// The catalogue says from now on that the generation shows this revision, unless it shows a later one.
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
