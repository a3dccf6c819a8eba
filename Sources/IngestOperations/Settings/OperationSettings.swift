package import IngestCore

/// The configuration in force, as far as operations need it. The composition root reads it.
package protocol OperationSettings: Sendable {
  /// The embedder of an index's new generations.
  func embedderName(forIndex index: String) -> String
  /// How an index's new generations are chunked.
  func chunker(forIndex index: String) -> ChunkerSettings
  /// The parser of new generations.
  var parser: String { get }
  /// - Throws: `EMBEDDER_UNKNOWN` with the known names.
  func embedder(named name: String) throws -> EmbedderSpec
  /// How long an idempotency key is in force where the caller does not say.
  var keyLife: Duration { get }
  /// The limits, weights and pauses.
  func flow() throws -> ConfiguredFlow
  /// The schedules by name.
  func schedules() throws -> [String: ScheduleSpec]
}
