package import IngestCore
import IngestSQL

extension Store: HeldRevisions {
  package func held(
    _ documents: [DocumentID], index: String, generation: Int
  ) async throws -> [DocumentID: HeldRevision] {
    try await read { db in
      let row = try db.generation(index, generation)
      var held: [DocumentID: HeldRevision] = [:]
      for document in documents {
        held[document] = try db.first(
          """
          SELECT h.revision, h.change FROM documents d
          JOIN holdings h ON h.generation_key = \(row.key) AND h.document_key = d.key
          WHERE d.id = \(document.rawValue)
          """
        ) { HeldRevision(revision: $0.int(0), isDeleted: $0.text(1) == "delete") }
      }
      return held
    }
  }
}
