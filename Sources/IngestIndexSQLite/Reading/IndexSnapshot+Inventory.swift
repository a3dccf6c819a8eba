internal import IngestCore
internal import IngestIndex
internal import IngestSQL

extension IndexSnapshot {
  /// Number of chunks after which a page of the inventory ends, so that no read transaction is long.
  static let inventoryChunks = 4096

  func inventory(after: DocumentID?, limit: Int) throws -> [DocumentInventory] {
    let documents = try connection.rows(
      """
      SELECT key, id, revision, deleted, visible,
        (SELECT coalesce(sum(count), 0) FROM extents AS e WHERE e.document = documents.key)
      FROM documents WHERE id > \(after?.rawValue ?? "") ORDER BY id LIMIT \(limit)
      """
    ) { row in
      (
        key: row.int(0), chunks: row.int(5),
        inventory: DocumentInventory(
          document: DocumentID(rawValue: row.text(1)), revision: row.int(2), deleted: row.bool(3), visible: row.int(4),
          parts: [])
      )
    }
    var result: [DocumentInventory] = []
    var chunks = 0
    for document in documents {
      guard result.isEmpty || chunks + document.chunks <= Self.inventoryChunks else { break }
      chunks += document.chunks
      var inventory = document.inventory
      inventory.parts = try parts(of: document.key)
      result.append(inventory)
    }
    return result
  }

  func inventory(of document: DocumentID) throws -> DocumentInventory? {
    let found = try connection.first(
      "SELECT key, revision, deleted, visible FROM documents WHERE id = \(document.rawValue)"
    ) { (key: $0.int(0), revision: $0.int(1), deleted: $0.bool(2), visible: $0.int(3)) }
    guard let found else { return nil }
    return DocumentInventory(
      document: document, revision: found.revision, deleted: found.deleted, visible: found.visible,
      parts: try parts(of: found.key))
  }

  func revisions(of document: DocumentID) throws -> DocumentRevisions? {
    let found = try connection.first(
      "SELECT key, revision, deleted, visible, chunks FROM documents WHERE id = \(document.rawValue)"
    ) {
      (
        key: $0.int(0),
        revisions: DocumentRevisions(
          applied: $0.int(1), isDeleted: $0.bool(2), visible: $0.int(3), chunks: $0.int(4), stored: [:])
      )
    }
    guard let found else { return nil }
    var revisions = found.revisions
    let stored = try connection.rows(
      "SELECT revision, sum(count) FROM extents WHERE document = \(found.key) GROUP BY revision"
    ) { ($0.int(0), $0.int(1)) }
    for (revision, count) in stored { revisions.stored[revision] = count }
    return revisions
  }

  private func parts(of document: Int) throws -> [DocumentInventory.Part] {
    let extents = try connection.rows(
      """
      SELECT revision, first_ordinal, first_chunk, count, file, first_slot FROM extents
      WHERE document = \(document) ORDER BY revision, first_ordinal
      """
    ) {
      (revision: $0.int(0), ordinal: $0.int(1), chunk: $0.int(2), count: $0.int(3), file: $0.int(4), slot: $0.int(5))
    }
    var parts: [Int: DocumentInventory.Part] = [:]
    for extent in extents {
      var part =
        parts[extent.revision]
        ?? .init(revision: extent.revision, chunks: [], vectors: [], fullText: [])
      let chunks = try connection.rows(
        """
        SELECT c.key, c.ordinal, c.vector_sum, c.text FROM chunks AS c
        WHERE c.key >= \(extent.chunk) AND c.key < \(extent.chunk + extent.count)
        """
      ) { (key: $0.int(0), ordinal: $0.int(1), sum: $0.optionalInt64(2), text: $0.text(3)) }
      for chunk in chunks {
        // A row whose ordinal does not match its place would be shown under a wrong name.
        guard chunk.ordinal == extent.ordinal + chunk.key - extent.chunk else { continue }
        part.chunks.append(chunk.ordinal)
        if try isVectorIntact(file: extent.file, slot: extent.slot + chunk.key - extent.chunk, sum: chunk.sum) {
          part.vectors.append(chunk.ordinal)
        }
        if try isIndexed(chunk.key, text: chunk.text) { part.fullText.append(chunk.ordinal) }
      }
      parts[extent.revision] = part
    }
    return parts.values.sorted { $0.revision < $1.revision }
  }

  private func isVectorIntact(file: Int, slot: Int, sum: Int64?) throws -> Bool {
    guard let sum else { return true }
    let slots = try connection.first("SELECT slots FROM vector_files WHERE id = \(file) AND dropped = 0") { $0.int(0) }
    guard let slots, slot < slots else { return false }
    do {
      let layout = vectors.layout
      let mapping = try vectors.file(file).mapping(slots: slot + 1)
      let row = UnsafeRawBufferPointer(start: mapping.start + layout.offset(of: slot), count: layout.stride)
      return VectorLayout.checksum(row) == sum
    } catch {
      if error.isMissing, !isLast { throw error }
      return false
    }
  }

  /// Queries the full text for the chunk by one of the chunk's own words, instead of checking only the list of rows.
  private func isIndexed(_ key: Int, text: String) throws -> Bool {
    let size = try connection.first("SELECT sz FROM chunk_text_docsize WHERE id = \(key)") { $0.blob(0) }
    guard let size else { return false }
    // The size is the number of words as a varint. A text that consists only of signs has no word to query.
    guard size != [0], let match = MatchExpression.probe(text) else { return true }
    return try connection.first(
      "SELECT 1 FROM chunk_text WHERE chunk_text MATCH \(match) AND rowid = \(key)"
    ) { $0.int(0) } != nil
  }

  func strays() throws -> Int {
    try connection.first(
      """
      SELECT
        (SELECT count(*) FROM chunk_text_docsize WHERE id NOT IN (SELECT key FROM chunks))
        + (SELECT count(*) FROM chunks AS c WHERE NOT EXISTS (
            SELECT 1 FROM extents AS e
            WHERE e.first_chunk = (SELECT max(first_chunk) FROM extents WHERE first_chunk <= c.key)
              AND c.key < e.first_chunk + e.count))
        + (SELECT count(*) FROM extents AS e WHERE NOT EXISTS (SELECT 1 FROM documents AS d WHERE d.key = e.document))
      """
    ) { $0.int(0) } ?? 0
  }

  func counts() throws -> IndexCounts {
    try connection.first(
      "SELECT coalesce(sum(visible > 0), 0), coalesce(sum(chunks), 0), coalesce(sum(deleted), 0) FROM documents"
    ) { IndexCounts(documents: $0.int(0), chunks: $0.int(1), tombstones: $0.int(2)) }
      ?? IndexCounts(documents: 0, chunks: 0, tombstones: 0)
  }
}

extension IndexSnapshot {
  func staged(_ document: DocumentID, revision: Int) throws -> Int {
    try connection.first(
      """
      SELECT coalesce(sum(e.count), 0) FROM documents AS d JOIN extents AS e ON e.document = d.key
      WHERE d.id = \(document.rawValue) AND e.revision = \(revision) AND d.visible <> \(revision)
      """
    ) { $0.int(0) } ?? 0
  }

  func tombstones(after: DocumentID?, limit: Int) throws -> [DocumentRevision] {
    try connection.rows(
      """
      SELECT id, revision FROM documents WHERE deleted = 1 AND id > \(after?.rawValue ?? "") ORDER BY id LIMIT \(limit)
      """
    ) { DocumentRevision(document: DocumentID(rawValue: $0.text(0)), revision: $0.int(1)) }
  }
}
