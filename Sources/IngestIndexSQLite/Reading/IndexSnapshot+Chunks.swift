internal import IngestCore
internal import IngestIndex
internal import IngestSQL

extension IndexSnapshot {
  /// Returns the chunks that searches find of one document.
  func chunks(of document: DocumentID) throws -> DocumentChunks? {
    let found = try connection.first("SELECT key, visible FROM documents WHERE id = \(document.rawValue)") {
      (key: $0.int(0), visible: $0.int(1))
    }
    guard let found else { return nil }
    let chunks = try connection.rows(
      """
      SELECT c.ordinal, c.start, c.end, c.page, c.heading, c.tokens, c.text FROM extents AS e
      JOIN chunks AS c ON c.key >= e.first_chunk AND c.key < e.first_chunk + e.count
      WHERE e.document = \(found.key) AND e.revision = \(found.visible) ORDER BY e.first_ordinal, c.key
      """
    ) { row in
      Chunk(
        ordinal: row.int(0), start: row.int(1), end: row.int(2), page: row.optionalInt(3),
        heading: HeadingText.split(row.text(4)), tokens: row.int(5), text: row.text(6))
    }
    return DocumentChunks(revision: found.visible, chunks: chunks)
  }
}
