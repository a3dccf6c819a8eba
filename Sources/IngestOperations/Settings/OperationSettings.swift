package import IngestCore

/// The part of the configuration in force that operations need. The composition root reads it.
package protocol OperationSettings: Sendable {
  /// Returns the name of the embedder for an index's new generations.
  func embedderName(forIndex index: String) -> String
  /// Returns the chunker for an index's new generations.
  func chunker(forIndex index: String) -> ChunkerSettings
  /// The parser of new generations.
  var parser: String { get }
  /// - Throws: `EMBEDDER_UNKNOWN` with the known names.
  func embedder(named name: String) throws -> EmbedderSpec
  /// How long an idempotency key is in force if the caller does not say.
  var keyLife: Duration { get }
  /// Returns the limits, weights and pauses.
  func flow() throws -> ConfiguredFlow
  /// Returns the schedules by name.
  func schedules() throws -> [String: ScheduleSpec]
}
