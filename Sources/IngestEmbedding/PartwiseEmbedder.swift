package import IngestCore

/// An embedder that delivers each response as it arrives, so that paid vectors can be stored before the others arrive.
package protocol PartwiseEmbedder: Embedder {
  /// Requests the vectors of all texts. Calls `answered` with the vectors of each request by position, from several
  /// tasks at once.
  /// - Returns: the refused texts, by position.
  /// - Throws: the first failure, after all requests in progress have ended and their vectors were delivered.
  func embed(
    _ texts: [String], answered: @escaping @Sendable ([EmbeddedText]) async throws -> Void
  ) async throws -> [Int: Failure]
}

/// A text's vector, L2-normalised.
package struct EmbeddedText: Sendable, Hashable {
  /// The position among the texts of the call.
  package var position: Int
  package var vector: [Float]
}
