package import IngestCore

/// Tells which generation a name stands for at this moment: the catalogue does.
package protocol GenerationResolver: Sendable {
  /// The live generation of an index.
  /// - Throws: a ``Failure`` of category `notFound` for an unknown index.
  func liveGeneration(of index: String) async throws -> Generation
  /// One generation by its number, live or not.
  /// - Throws: a ``Failure`` of category `notFound`.
  func generation(_ number: Int, of index: String) async throws -> Generation
}
