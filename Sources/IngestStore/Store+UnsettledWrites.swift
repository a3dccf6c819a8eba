package import IngestCore
import IngestSQL

/// Writes of jobs that ended before the catalogue was told of them.
extension Store {
  package func unsettledWrites(
    of index: String?, generation: Int?, after: Int64, limit: Int
  ) async throws -> [UnsettledWrite] {
    try await read { db in
      try db.rows(
        """
        SELECT u.key, i.name, g.number, d.id, u.revision
        FROM unsettled_writes u JOIN generations g ON g.key = u.generation_key JOIN indexes i ON i.key = g.index_key
          JOIN documents d ON d.key = u.document_key
        WHERE u.key > \(after) AND coalesce(i.name = \(index), 1) AND coalesce(g.number = \(generation), 1)
          AND NOT EXISTS (
            SELECT 1 FROM jobs j
            WHERE j.generation_key = u.generation_key AND j.document_key = u.document_key AND j.finished_at IS NULL)
        ORDER BY u.key LIMIT \(limit)
        """
      ) { row in
        UnsettledWrite(
          key: row.int64(0), index: row.text(1), generation: row.int(2), document: DocumentID(rawValue: row.text(3)),
          revision: row.int(4))
      }
    }
  }

  package func settle(_ unsettled: UnsettledWrite, shown: ShownRevision?) async throws {
    try await write { transition in try transition.settle(unsettled, shown: shown) }
  }

  package func mayHaveWritten(_ lease: Lease) async throws {
    try await write { transition in
      // One that is open, here or elsewhere, is looked at when it ends.
      guard let job = try transition.job(lease.job), job.state == .cancelled || job.state == .dead else { return }
      try transition.noteUnsettledWrite(of: job)
    }
  }
}

extension Transition {
  /// Has somebody look whether a job that ends without its checkpoint had written into its generation.
  func noteUnsettledWrite(of job: JobRow) throws {
    guard job.wasClaimed, let document = job.document, let revision = job.revision else { return }
    let noted = try db.run(
      """
      INSERT INTO unsettled_writes (generation_key, document_key, revision)
      SELECT \(job.generation), \(document), \(revision)
      WHERE NOT EXISTS (
        SELECT 1 FROM holdings
        WHERE generation_key = \(job.generation) AND document_key = \(document) AND revision >= \(revision))
      ON CONFLICT DO NOTHING
      """)
    if noted > 0 { db.flag(CommitFlag.wake) }
  }

  fileprivate func settle(_ write: UnsettledWrite, shown: ShownRevision?) throws {
    let row = try db.first(
      """
      SELECT u.generation_key, u.document_key,
        (SELECT count(DISTINCT c.ordinal) FROM jobs j JOIN dead_chunks c ON c.job_key = j.key
          WHERE j.document_key = u.document_key AND j.generation_key = u.generation_key AND j.revision = u.revision),
        EXISTS (SELECT 1 FROM jobs j
          WHERE j.generation_key = u.generation_key AND j.document_key = u.document_key AND j.finished_at IS NULL),
        g.state = 'deleted'
      FROM unsettled_writes u JOIN generations g ON g.key = u.generation_key WHERE u.key = \(write.key)
      """
    ) { (generation: $0.int64(0), document: $0.int64(1), lost: $0.int(2), isOpen: $0.bool(3), isDeleted: $0.bool(4)) }
    // A job that came meanwhile writes itself: whatever it leaves is looked at after it.
    guard let row, !row.isOpen else { return }
    if let shown, shown.revision == write.revision, !row.isDeleted {
      let changed = try hold(
        shown.revision, shown.isDeleted ? .delete : .content, chunks: shown.chunks, lost: row.lost, of: row.document,
        in: row.generation)
      // A swap that looked before must see it.
      if changed { try journal("held", actor: "settlement", document: row.document, generation: row.generation) }
    }
    _ = try db.run("DELETE FROM unsettled_writes WHERE key = \(write.key)")
  }

  /// The catalogue says from now on that the generation shows this revision, unless it shows a later one.
  /// - Returns: whether anything changed.
  @discardableResult
  func hold(
    _ revision: Int, _ change: DocumentTask.Change, chunks: Int, lost: Int, of document: Int64?, in generation: Int64
  ) throws -> Bool {
    try db.run(
      """
      INSERT INTO holdings (generation_key, document_key, revision, change, chunks, lost)
      VALUES (\(generation), \(document), \(revision), \(change.rawValue), \(chunks), \(lost))
      ON CONFLICT (generation_key, document_key) DO UPDATE SET revision = excluded.revision,
        change = excluded.change, chunks = excluded.chunks, lost = excluded.lost
      WHERE excluded.revision >= revision
      """) > 0
  }
}
