package import IngestCore
import IngestSQL

/// Documents as people see them.
extension Store: DocumentStore {
  package func document(_ text: String, index: String, source: String?) async throws -> DocumentReport {
    let found = try await read { db in
      let scope: SQL = """
        d.index_key = (SELECT key FROM indexes WHERE name = \(index))
        AND (\(source) IS NULL OR d.source_key = (SELECT key FROM sources WHERE name = \(source)))
        """
      var keys = try db.rows(
        "SELECT d.key FROM documents d WHERE d.uri = \(text) AND \(sql: scope) LIMIT 2"
      ) { $0.int64(0) }
      if keys.isEmpty, text.utf8.count >= 4, text.utf8.allSatisfy({ $0 < 0x80 }) {
        let wanted = text.uppercased()
        // The `+` makes SQLite use the index of ids.
        keys = try db.rows(
          """
          SELECT d.key FROM documents d WHERE d.id >= \(wanted) AND d.id < \(wanted + "~") AND +\(sql: scope) LIMIT 2
          """
        ) { $0.int64(0) }
      }
      return try keys.compactMap { try Self.report(db, document: $0) }
    }
    switch found.count {
    case 1: return found[0]
    case 0:
      throw Failure(
        .permanent, code: "DOCUMENT_NOT_FOUND", "Index '\(index)' has no document '\(text)'.",
        hint: "\(Action(.documentList)) lists the documents; give a uri, or a unique beginning of an id.",
        category: .notFound, reason: .documentNotFound)
    default:
      throw Failure(
        .permanent, code: "DOCUMENT_AMBIGUOUS", "More than one document matches '\(text)'.",
        hint: "Give \(option: "source"), or more characters of the id.", category: .invalid)
    }
  }

  package func documents(_ filter: DocumentFilter) async throws -> [DocumentReport] {
    try await read { db in
      let keys = try db.rows(
        """
        SELECT d.key FROM generations g CROSS JOIN documents d
          LEFT JOIN holdings h ON h.generation_key = g.key AND h.document_key = d.key
        WHERE g.index_key = (SELECT key FROM indexes WHERE name = \(filter.index)) AND g.state = 'live'
          AND +d.index_key = g.index_key
          AND (\(filter.source) IS NULL OR d.source_key = (SELECT key FROM sources WHERE name = \(filter.source)))
          AND (\(filter.behind) = 0 OR h.revision IS NOT d.revision)
        ORDER BY d.key DESC LIMIT \(filter.limit)
        """
      ) { $0.int64(0) }
      return try keys.compactMap { try Self.report(db, document: $0) }
    }
  }

  package func uris(
    index: String, source: String, prefix: String, after: String?, limit: Int
  ) async throws -> [String] {
    // Higher than any text that starts with the prefix: this highest scalar is assigned to no character.
    let end = prefix + "\u{10FFFF}"
    return try await read { db in
      try db.rows(
        """
        SELECT uri FROM documents
        WHERE index_key = (SELECT key FROM indexes WHERE name = \(index))
          AND source_key = (SELECT key FROM sources WHERE name = \(source))
          AND uri > \(after ?? "") AND uri >= \(prefix) AND uri < \(end) AND change = 'content'
        ORDER BY uri LIMIT \(limit)
        """
      ) { $0.text(0) }
    }
  }

  package func parse(_ content: ContentHash, parser: String) async throws -> String? {
    try await read { db in
      try db.first(
        """
        SELECT p.result FROM blobs b JOIN parses p ON p.content_key = b.key
        WHERE b.hash = \(content.rawValue) AND p.parser = \(parser)
        """
      ) { $0.text(0) }
    }
  }

  private static func report(_ db: Connection, document: Int64) throws -> DocumentReport? {
    try db.first(
      """
      SELECT d.id, i.name, s.name, d.uri, d.revision, d.change, d.content, d.size, d.meta, d.workflow, h.revision,
        h.chunks, j.id, j.state, d.created_at, d.changed_at
      FROM documents d JOIN indexes i ON i.key = d.index_key JOIN sources s ON s.key = d.source_key
        LEFT JOIN generations g ON g.index_key = d.index_key AND g.state = 'live'
        LEFT JOIN holdings h ON h.generation_key = g.key AND h.document_key = d.key
        LEFT JOIN jobs j ON j.key = (SELECT max(key) FROM jobs
          WHERE document_key = d.key AND generation_key = g.key)
      WHERE d.key = \(document)
      """
    ) { row in
      DocumentReport(
        document: row.text(0), index: row.text(1), source: row.text(2), uri: row.text(3), revision: row.int(4),
        deleted: row.text(5) == "delete", content: row.optionalText(6), sizeBytes: row.int(7),
        meta: try JSONText.decode([String: String].self, row.text(8)), workflow: row.text(9),
        held: row.optionalInt(10), chunks: row.optionalInt(11) ?? 0, job: row.optionalText(12),
        state: try row.optionalText(13).map { try JobState(stored: $0) },
        createdAt: Timestamp(rawValue: row.int64(14)), changedAt: Timestamp(rawValue: row.int64(15)))
    }
  }
}
