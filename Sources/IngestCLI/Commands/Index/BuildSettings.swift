import IngestApp
import IngestCore

/// What a generation is built with, for `index create` and `index build`.
package enum BuildSettings {
  package static let embedder = Parameter(
    option: "--embedder", type: .text("NAME"), summary: "An embedder of the configuration; hash is built in.")
  package static let target = Parameter(
    option: "--chunk-tokens", type: .integer("N", 16...8192), summary: "Tokens aimed at in a chunk.")
  package static let maximum = Parameter(
    option: "--chunk-max", type: .integer("N", 16...8192), summary: "Tokens at most in a chunk.")
  package static let overlap = Parameter(
    option: "--chunk-overlap", type: .integer("N", 0...4096), summary: "Tokens repeated from the chunk before.")
  package static let parameters = [embedder.spec, target.spec, maximum.spec, overlap.spec]
}

extension BuildSettings {
  /// What the command line asks for, on top of the live generation's settings, or for a new index the configured ones.
  static func spec(
    _ context: CommandContext, _ installation: Installation, index: String, live: GenerationSpec? = nil
  ) throws -> GenerationSpec {
    let spec = try installation.spec(forIndex: index, embedder: context[embedder] ?? live?.embedder.name) {
      configured in
      let base = live?.chunker ?? configured
      return ChunkerSettings(
        target: context[target] ?? base.target, maximum: context[maximum] ?? base.maximum,
        overlap: context[overlap] ?? base.overlap)
    }
    let chunker = spec.chunker
    guard chunker.overlap < chunker.target, chunker.target <= chunker.maximum else {
      throw Failure(
        .permanent, code: "CHUNKER_INVALID",
        "Chunks of \(chunker.target) tokens, \(chunker.maximum) at most, \(chunker.overlap) of them overlap: impossible.",
        hint: "The overlap must be below the target, and the target not above the maximum.", category: .invalid)
    }
    return spec
  }
}
