package import IngestCore

/// An embedder that hands over each answer as it comes, so that what was paid for can be kept before the rest is there.
package protocol PartwiseEmbedder: Embedder {
  /// Asks for all texts; `answered` is given each request's vectors by position, from several tasks at once.
  /// - Returns: the texts that were refused, by position.
  /// - Throws: the first failure, after every request under way has ended; what was answered was handed over.
  func embed(
    _ texts: [String], answered: @escaping @Sendable ([EmbeddedText]) async throws -> Void
  ) async throws -> [Int: Failure]
}

/// A text's vector, L2-normalised.
package struct EmbeddedText: Sendable, Hashable {
  /// Among the texts of the call.
  package var position: Int
  package var vector: [Float]

  package init(position: Int, vector: [Float]) {
    self.position = position
    self.vector = vector
  }
}
