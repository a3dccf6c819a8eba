package import IngestCore
import IngestSQL

/// The rows of the blob store.
extension Store: BlobRows {
  package func blobRow(_ hash: ContentHash) async throws -> BlobRow? {
    try await read { db in
      try db.first("SELECT size, bytes FROM blobs WHERE hash = \(hash.rawValue)") { row in
        row.optionalBlob(1).map(BlobRow.row) ?? .file(size: row.int(0))
      }
    }
  }

  package func insertBlob(_ blob: Blob) async throws {
    try await write { transaction in _ = try transaction.insert(blob) }
  }

  package func noteBlobFile(_ hash: ContentHash, size: Int) async throws {
    try await write { transaction in
      _ = try transaction.db.run(
        """
        INSERT INTO blobs (hash, size, created_at) VALUES (\(hash.rawValue), \(size), \(transaction.now.rawValue))
        ON CONFLICT (hash) DO UPDATE SET created_at = excluded.created_at
        """)
    }
  }

  package func collectBlobs(
    grace: Duration, limit: Int, unlink: @escaping @Sendable (ContentHash) throws -> Void
  ) async throws -> (count: Int, bytes: Int) {
    // Candidates come from a reader; the transaction that removes each one checks it again.
    let before = clock.now.rawValue - grace.microseconds
    var count = 0
    var bytes = 0
    var after: String? = ""
    while let start = after {
      try Task.checkCancellation()
      let page = try await read { db in try db.collectable(after: start, before: before, limit: limit) }
      after = page.last
      let gone = try await remove(page.found, before: before, unlink: unlink)
      count += gone.count
      bytes += gone.bytes
    }
    return (count, bytes)
  }

  private func remove(
    _ candidates: [CollectableBlob], before: Int64, unlink: @escaping @Sendable (ContentHash) throws -> Void
  ) async throws -> (count: Int, bytes: Int) {
    var count = 0
    var bytes = 0
    for candidate in candidates {
      let gone = try await write { transaction in
        let removed = try transaction.db.run(
          SQL(
            named: "blob.collect",
            """
            DELETE FROM blobs AS b WHERE b.key = \(candidate.key) AND b.created_at < \(before)
              AND \(sql: Self.unreferenced)
            """))
        guard removed > 0 else { return false }
        // A parse of the removed content goes with it; a later collection removes the blobs of that parse.
        _ = try transaction.db.run("DELETE FROM parses WHERE content_key = \(candidate.key)")
        if candidate.isFile { try unlink(candidate.hash) }
        return true
      }
      if gone {
        count += 1
        bytes += candidate.size
      }
    }
    return (count, bytes)
  }

  /// The condition that no document, no open or dead job and no kept parse refers to a blob.
  fileprivate static let unreferenced: SQL = """
    NOT EXISTS (SELECT 1 FROM documents d WHERE d.blob_key = b.key)
    AND NOT EXISTS (SELECT 1 FROM jobs j
      WHERE j.blob_key = b.key AND (j.finished_at IS NULL OR j.state = 'dead'))
    AND NOT EXISTS (SELECT 1 FROM job_blobs r JOIN jobs j ON j.key = r.job_key
      WHERE r.blob_key = b.key AND (j.finished_at IS NULL OR j.state = 'dead'))
    AND NOT EXISTS (SELECT 1 FROM parse_blobs p WHERE p.blob_key = b.key)
    """
}

/// A blob to which nothing seemed to refer.
private struct CollectableBlob {
  var key: Int64
  var hash: ContentHash
  var size: Int
  var isFile: Bool
}

extension Connection {
  /// Returns the candidates of the next page, in the order of their hashes. It reads only the index, never the bytes.
  fileprivate func collectable(
    after: String, before: Int64, limit: Int
  ) throws -> (found: [CollectableBlob], last: String?) {
    let last = try first("SELECT hash FROM blobs WHERE hash > \(after) ORDER BY hash LIMIT 1 OFFSET \(limit - 1)") {
      $0.text(0)
    }
    let hashes = try rows(
      SQL(
        named: "blob.collectable",
        """
        SELECT b.hash FROM blobs b
        WHERE b.hash > \(after) AND b.hash <= \(last ?? "~") AND \(sql: Store.unreferenced) ORDER BY b.hash
        """)
    ) { $0.text(0) }
    let found = try hashes.compactMap { hash in
      try first(
        "SELECT key, size, bytes IS NULL FROM blobs WHERE hash = \(hash) AND created_at < \(before)"
      ) {
        CollectableBlob(key: $0.int64(0), hash: ContentHash(rawValue: hash), size: $0.int(1), isFile: $0.bool(2))
      }
    }
    return (found, last)
  }
}

extension WriteTransaction {
  /// Stores a blob.
  /// - Returns: its key.
  func insert(_ blob: Blob) throws -> Int64? {
    // Using a blob again restarts its grace time. Its bytes are written again, which repairs damage.
    try db.first(
      SQL(
        named: "blob.insert",
        """
        INSERT INTO blobs (hash, size, bytes, created_at)
        VALUES (\(blob.hash.rawValue), \(blob.bytes.count), \(blob.bytes), \(now.rawValue))
        ON CONFLICT (hash) DO UPDATE SET created_at = excluded.created_at, bytes = excluded.bytes RETURNING key
        """)
    ) { $0.int64(0) }
  }

  /// Restarts the grace time of a blob that must exist.
  /// - Returns: its key.
  /// - Throws: `BLOB_MISSING`.
  func requireFile(_ hash: ContentHash) throws -> Int64 {
    let key = try db.first(
      "UPDATE blobs SET created_at = \(now.rawValue) WHERE hash = \(hash.rawValue) RETURNING key"
    ) { $0.int64(0) }
    guard let key else {
      throw Failure(
        .transient, code: "BLOB_MISSING", "The bytes \(hash) were collected during the submit.",
        hint: "Submit the document again.", reason: .blobLost)
    }
    return key
  }
}
