import IngestCore

/// The result of a `parse` step. The text is in parts, each a blob of its own.
struct ParseResult: Codable, Hashable, Sendable {
  /// The document's type, such as `pdf`.
  var parsed: String
  var title: String
  /// The number of pages read; 1 for texts without pages.
  var pages: Int
  /// The length of the whole text in Unicode scalars.
  var characters: Int
  var parts: [ContentHash]
}

/// The result of a `chunk` step.
struct ChunkResult: Codable, Hashable, Sendable {
  var chunks: Int
  /// The hash of the encoded ``ChunkList``.
  var list: ContentHash
}

/// The result of an `embed` step. From now on the vectors of all other chunks are in the cache or free to compute.
struct EmbedResult: Codable, Hashable, Sendable {
  var embedder: String
  var embedded: Int
  /// The ordinals of the chunks that will never have a vector. Nil if there are none.
  var lost: [Int]?
}

/// The result of an `upsert` or `remove` step.
struct WriteStepResult: Codable, Hashable, Sendable {
  var revision: Int
  var written: Int
  /// Whether the generation already had a higher revision, so that nothing was written.
  var stale: Bool
  /// The number of written chunks that have no vector. Nil if there are none.
  var lost: Int?
}
