import IngestCore

/// What a `parse` step leaves: where the text is, in parts that are blobs of their own.
struct ParseResult: Codable, Hashable, Sendable {
  /// Such as `pdf`.
  var parsed: String
  var title: String
  /// Pages read; 1 for texts without pages.
  var pages: Int
  /// Of the whole text, in Unicode scalars.
  var characters: Int
  var parts: [ContentHash]
}

/// What a `chunk` step leaves.
struct ChunkResult: Codable, Hashable, Sendable {
  var chunks: Int
  /// The encoded ``ChunkList``.
  var list: ContentHash
}

/// What an `embed` step leaves: that each chunk's vector can be had for nothing from now on.
struct EmbedResult: Codable, Hashable, Sendable {
  var embedder: String
  var embedded: Int
  /// The ordinals of the chunks that have none and never will; nil for none.
  var lost: [Int]?
}

/// What an `upsert` or `remove` step leaves.
struct WriteStepResult: Codable, Hashable, Sendable {
  var revision: Int
  var written: Int
  /// A higher revision was there already, and nothing was written.
  var stale: Bool
  /// Of those written: how many have no vector; nil for none.
  var lost: Int?
}
