package import IngestCore
import IngestSQL

extension Store {
  /// How long a worker that lost its job may still write late, for example a stopped process or a sleeping machine.
  private static let tombstoneGrace: Duration = .seconds(86_400)

  /// Returns the documents whose tombstones in a generation are no longer needed: the generation holds the delete, it
  /// is a day old, and no job is kept whose worker could still write an older revision.
  package func settledDeletes(
    _ tombstones: [(document: DocumentID, revision: Int)], index: String, generation: Int
  ) async throws -> Set<DocumentID> {
    let before = (clock.now - Self.tombstoneGrace).rawValue
    return try await read { db in
      let generation = try db.generation(index, generation)
      var settled: Set<DocumentID> = []
      for tombstone in tombstones {
        let isSettled = try db.first(
          """
          SELECT 1 FROM documents d JOIN holdings h ON h.document_key = d.key AND h.generation_key = \(generation.key)
          WHERE d.id = \(tombstone.document.rawValue) AND d.change = 'delete' AND d.revision = \(tombstone.revision)
            AND d.changed_at < \(before) AND h.change = 'delete' AND h.revision = d.revision
            AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.document_key = d.key
              AND j.generation_key = \(generation.key)
              AND (j.revision < d.revision OR j.finished_at IS NULL OR j.state = 'dead'))
          """
        ) { _ in true }
        if isSettled == true { settled.insert(tombstone.document) }
      }
      return settled
    }
  }
}
