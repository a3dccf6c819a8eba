package import IngestCore

/// A lookup from an index name to its current generation. The catalogue implements it.
package protocol GenerationResolver: Sendable {
  /// Returns the live generation of an index.
  /// - Throws: a ``Failure`` of category `notFound` for an unknown index.
  func liveGeneration(of index: String) async throws -> Generation
  /// Returns one generation by its number, live or not.
  /// - Throws: a ``Failure`` of category `notFound`.
  func generation(_ number: Int, of index: String) async throws -> Generation
}
