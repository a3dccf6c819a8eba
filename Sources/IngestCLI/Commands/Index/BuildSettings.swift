import IngestOperations

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
  /// The settings that the command line names.
  static func wishes(_ context: CommandContext) -> GenerationWishes {
    GenerationWishes(
      embedder: context[embedder], target: context[target], maximum: context[maximum], overlap: context[overlap])
  }
}
