package import IngestCore

/// The built-in embedder: words and pieces of words hashed into a vector. It needs nothing and costs microseconds, and it
/// is lexical: it finds what is written alike, not what means the same.
///
/// Every text has a unit vector, the empty one included; see ``HashVectorizer`` for the algorithm.
package struct HashEmbedder: Embedder {
  /// The algorithm and its version: part of the fingerprint.
  package static let model = "hash/1"

  package let spec: EmbedderSpec
  package var isFree: Bool { true }

  /// - Throws: ``EmbeddingError`` for another model than ``model``, or dimensions outside 8…4096.
  package init(_ spec: EmbedderSpec = EmbedderSettings.hash.spec) throws {
    guard spec.model == Self.model else {
      throw EmbeddingError.unknownModel(
        embedder: spec.name, model: spec.model, detail: "this program knows \(Self.model)")
    }
    guard (8...4096).contains(spec.dimensions) else {
      throw EmbeddingError.unusableSettings(
        embedder: spec.name, detail: "\(spec.dimensions) dimensions; a hash embedder has 8 to 4096")
    }
    self.spec = spec
  }

  package func embed(_ texts: [String]) async throws -> [[Float]] {
    var vectors: [[Float]] = []
    vectors.reserveCapacity(texts.count)
    var vectorizer = HashVectorizer(dimensions: spec.dimensions)
    for text in texts {
      vectors.append(vectorizer.vector(text))
      // Some milliseconds of work: others on this thread get their turn.
      if vectors.count % 64 == 0 {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
    return vectors
  }
}
