package import IngestCore
import IngestSQL

/// The cache of vectors that were paid for, as little-endian 32-bit floats.
extension Store: EmbeddingCache {
  package func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?] {
    try await read { db in
      guard let key = try db.first("SELECT key FROM embedders WHERE fingerprint = \(embedder)", { $0.int64(0) }) else {
        return texts.map { _ in nil }
      }
      return try texts.map { text in
        try db.first("SELECT vector FROM embeddings WHERE embedder_key = \(key) AND text = \(text.rawValue)") { row in
          Self.floats(row.blob(0))
        }
      }
    }
  }

  package func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws {
    // Slices keep each member of a group commit short.
    for start in stride(from: 0, to: vectors.count, by: 128) {
      let slice = vectors[start..<min(start + 128, vectors.count)].map { ($0.text, Self.bytes($0.vector)) }
      try await write { transaction in
        let db = transaction.db
        _ = try db.run("INSERT OR IGNORE INTO embedders (fingerprint) VALUES (\(embedder))")
        let key = try db.first("SELECT key FROM embedders WHERE fingerprint = \(embedder)") { $0.int64(0) }
        for (text, bytes) in slice {
          _ = try db.run(
            """
            INSERT INTO embeddings (embedder_key, text, vector, created_at)
            VALUES (\(key), \(text.rawValue), \(bytes), \(transaction.now.rawValue))
            ON CONFLICT (embedder_key, text) DO NOTHING
            """)
        }
      }
    }
  }

  private static func bytes(_ vector: [Float]) -> [UInt8] {
    vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
  }

  private static func floats(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { position in
        Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: position * 4, as: UInt32.self)))
      }
    }
  }
}
