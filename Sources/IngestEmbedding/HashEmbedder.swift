package import IngestCore

/// The built-in embedder, which hashes words and parts of words into a vector. It needs no model and takes
/// microseconds. It is lexical: it finds texts with similar spelling, not with similar meaning.
///
/// Every text has a unit vector, even the empty one. See ``HashVectorizer`` for the algorithm.
package struct HashEmbedder: Embedder {
  /// The algorithm and its version, a part of the fingerprint.
  package static let model = "hash/1"

  package let spec: EmbedderSpec
  package var isFree: Bool { true }

  /// - Throws: ``EmbeddingError`` if the model is not ``model`` or the dimensions are outside 8…4096.
  package init(_ spec: EmbedderSpec = EmbedderSettings.hash.spec) throws {
    guard spec.model == Self.model else {
      throw EmbeddingError.unknownModel(
        embedder: spec.name, model: spec.model, detail: "this program has only \(Self.model)")
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
      // After some milliseconds of work, other tasks on this thread get a turn.
      if vectors.count % 64 == 0 {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
    return vectors
  }
}
