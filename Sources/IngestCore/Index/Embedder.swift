/// Which embedder fills a generation, and everything that changes its vectors.
package struct EmbedderSpec: Codable, Hashable, Sendable {
  /// What the configuration calls it; `hash` is built in.
  package var name: String
  /// `hash` or `openai`.
  package var provider: String
  package var model: String
  package var dimensions: Int
  /// Put before each text of a document.
  package var documentPrefix: String
  /// Put before each query.
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

  /// Vectors of equal fingerprint may be compared and reused. Prefixes are part of the text sent, which the cache keys by.
  package var fingerprint: String { "\(provider):\(model):\(dimensions)" }
}

/// Turns texts into vectors.
package protocol Embedder: Sendable {
  var spec: EmbedderSpec { get }
  /// Whether a vector costs so little that keeping it would cost more.
  var isFree: Bool { get }
  /// One L2-normalised vector of ``EmbedderSpec/dimensions`` for each text, in order; the texts carry their prefix already.
  /// - Throws: one ``Failure`` for the call, or ``EmbeddingPartialFailure`` when single texts were refused.
  func embed(_ texts: [String]) async throws -> [[Float]]
}

/// Some texts of a call got their vector and some never will.
package struct EmbeddingPartialFailure: Error, Sendable {
  /// By position; nil where refused.
  package var vectors: [[Float]?]
  /// By position.
  package var refused: [Int: Failure]

  package init(vectors: [[Float]?], refused: [Int: Failure]) {
    self.vectors = vectors
    self.refused = refused
  }
}

/// Vectors that were paid for, by embedder fingerprint and the hash of the exact text sent.
package protocol EmbeddingCache: Sendable {
  /// The vectors that are there; positions without one are nil.
  func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?]
  /// Durable when it returns.
  func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws
}
