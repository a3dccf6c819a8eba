import IngestOperations

/// The options that set how a generation is built, for `index create` and `index build`.
package enum BuildSettings {
  package static let embedder = Parameter(
    option: "--embedder", type: .text("NAME"), summary: "A configured embedder, or hash, which is built in.")
  package static let target = Parameter(
    option: "--chunk-tokens", type: .integer("N", 16...8192), summary: "A chunk's target size in tokens, 16 to 8192.")
  package static let maximum = Parameter(
    option: "--chunk-max", type: .integer("N", 16...8192), summary: "A chunk's largest size in tokens, 16 to 8192.")
  package static let overlap = Parameter(
    option: "--chunk-overlap", type: .integer("N", 0...4096),
    summary: "The tokens repeated from the previous chunk, 0 to 4096.")
  package static let parameters = [embedder.spec, target.spec, maximum.spec, overlap.spec]
}

extension BuildSettings {
  /// Returns the settings that the command line gives.
  static func wishes(_ context: CommandContext) -> GenerationWishes {
    GenerationWishes(
      embedder: context[embedder], target: context[target], maximum: context[maximum], overlap: context[overlap])
  }
}
