internal import IngestIndex
internal import IngestSQL

/// A repair that makes the parts of a damaged generation agree. It deletes rows that belong to nothing, and rebuilds
/// the full text from the chunks, because the full text cannot remove a text that is not stored anywhere any more.
enum StrayRemoval {
  static func run(_ connection: Connection) throws {
    try connection.run(
      "DELETE FROM extents WHERE NOT EXISTS (SELECT 1 FROM documents AS d WHERE d.key = extents.document)")
    try connection.run(
      """
      DELETE FROM chunks WHERE NOT EXISTS (
        SELECT 1 FROM extents AS e
        WHERE e.first_chunk = (SELECT max(first_chunk) FROM extents WHERE first_chunk <= chunks.key)
          AND chunks.key < e.first_chunk + e.count)
      """)
    try connection.run(
      """
      UPDATE vector_files
      SET live = (SELECT coalesce(sum(count), 0) FROM extents AS e WHERE e.file = vector_files.id)
      """)
    try connection.run("INSERT INTO chunk_text (chunk_text) VALUES ('delete-all')")
    try connection.each("SELECT key, text FROM chunks ORDER BY key") { row in
      let indexed = SpacelessScripts.separated(row.text(1))
      try connection.run("INSERT INTO chunk_text (rowid, text) VALUES (\(row.int(0)), \(indexed))")
    }
  }
}
