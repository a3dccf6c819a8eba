/// The embedder that fills a generation, with everything that changes its vectors.
package struct EmbedderSpec: Codable, Hashable, Sendable {
  /// Its name in the configuration; `hash` is built in.
  package var name: String
  /// `hash` or `openai`.
  package var provider: String
  package var model: String
  package var dimensions: Int
  /// Added before each text of a document.
  package var documentPrefix: String
  /// Added before each query.
  package var queryPrefix: String

  package init(
    name: String, provider: String, model: String, dimensions: Int, documentPrefix: String = "",
    queryPrefix: String = ""
  ) {
    self.name = name
    self.provider = provider
    self.model = model
    self.dimensions = dimensions
    self.documentPrefix = documentPrefix
    self.queryPrefix = queryPrefix
  }

  /// The key under which vectors may be compared and reused. Prefixes are not in it, because the cache is keyed by the
  /// exact text sent, prefix included.
  package var fingerprint: String { "\(provider):\(model):\(dimensions)" }
}

/// A function from texts to vectors.
package protocol Embedder: Sendable {
  var spec: EmbedderSpec { get }
  /// Whether a vector costs less to compute than to store.
  var isFree: Bool { get }
  /// Returns one L2-normalised vector of ``EmbedderSpec/dimensions`` for each text, in order. The texts already have
  /// their prefix.
  /// - Throws: one ``Failure`` for the call, or ``EmbeddingPartialFailure`` when single texts were refused.
  func embed(_ texts: [String]) async throws -> [[Float]]
}

/// The error of a call in which some texts got a vector and others were refused for good.
package struct EmbeddingPartialFailure: Error, Sendable {
  /// Vectors by position; nil if the text was refused.
  package var vectors: [[Float]?]
  /// Refusals by position.
  package var refused: [Int: Failure]

  package init(vectors: [[Float]?], refused: [Int: Failure]) {
    self.vectors = vectors
    self.refused = refused
  }
}

/// A cache of paid vectors, keyed by embedder fingerprint and the hash of the exact text sent.
package protocol EmbeddingCache: Sendable {
  /// Returns the cached vectors; nil at positions without one.
  func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?]
  /// Stores vectors, durably when it returns.
  func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws
}
