import IngestCore

/// The settings that a caller names for a new generation. A setting that is nil keeps its present value.
package struct GenerationWishes: Hashable, Sendable {
  /// The name of a configured embedder.
  package var embedder: String?
  /// Tokens aimed at in a chunk.
  package var target: Int?
  /// Tokens at most in a chunk.
  package var maximum: Int?
  /// Tokens repeated from the chunk before.
  package var overlap: Int?

  package init(embedder: String? = nil, target: Int? = nil, maximum: Int? = nil, overlap: Int? = nil) {
    self.embedder = embedder
    self.target = target
    self.maximum = maximum
    self.overlap = overlap
  }

  /// The chunker with the named settings in place of those of `base`.
  /// - Throws: `CHUNKER_INVALID` for sizes that contradict each other.
  func chunker(over base: ChunkerSettings) throws -> ChunkerSettings {
    let chunker = ChunkerSettings(
      target: target ?? base.target, maximum: maximum ?? base.maximum, overlap: overlap ?? base.overlap)
    guard chunker.overlap < chunker.target, chunker.target <= chunker.maximum else {
      throw Failure(
        .permanent, code: "CHUNKER_INVALID",
        "Chunks of \(chunker.target) tokens, \(chunker.maximum) at most, \(chunker.overlap) of them overlap: impossible.",
        hint: "The overlap must be below the target, and the target not above the maximum.", category: .invalid)
    }
    return chunker
  }
}
