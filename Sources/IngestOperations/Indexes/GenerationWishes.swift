import IngestCore

/// The settings that a caller names for a new generation. A setting that is nil keeps its present value.
package struct GenerationWishes: Hashable, Sendable {
  /// The name of a configured embedder.
  package var embedder: String?
  /// Tokens aimed at in a chunk.
  package var target: Int?
  /// Tokens at most in a chunk.
  package var maximum: Int?
  /// Tokens repeated from the chunk before.
  package var overlap: Int?

  package init(embedder: String? = nil, target: Int? = nil, maximum: Int? = nil, overlap: Int? = nil) {
    self.embedder = embedder
    self.target = target
    self.maximum = maximum
    self.overlap = overlap
  }

  /// The named settings that a generation does not have, such as "a chunk target of 400 tokens, not 100".
  /// - Parameter embedder: the configured embedder of the named one.
  /// - Throws: `CHUNKER_INVALID` for sizes that contradict each other or those of the generation.
  func differences(from spec: GenerationSpec, embedder: EmbedderSpec?) throws -> [String] {
    let wanted = try chunker(over: spec.chunker)
    var differences: [String] = []
    if let embedder, embedder != spec.embedder {
      differences.append(
        embedder.name == spec.embedder.name
          ? "an older configuration of the embedder \(embedder.name)"
          : "the embedder \(spec.embedder.name), not \(embedder.name)")
    }
    for (name, has, wants) in [
      ("target", spec.chunker.target, wanted.target), ("maximum", spec.chunker.maximum, wanted.maximum),
      ("overlap", spec.chunker.overlap, wanted.overlap),
    ] where has != wants {
      differences.append("a chunk \(name) of \(has) tokens, not \(wants)")
    }
    return differences
  }

  /// The action that builds a generation with these settings.
  func build(_ index: String) -> Action {
    var action = Action(.indexBuild, index)
    if let embedder { action = action.adding("embedder", embedder) }
    for (option, tokens) in [("chunk-tokens", target), ("chunk-max", maximum), ("chunk-overlap", overlap)] {
      if let tokens { action = action.adding(option, "\(tokens)") }
    }
    return action
  }

  /// The chunker with the named settings in place of those of `base`.
  /// - Throws: `CHUNKER_INVALID` for sizes that contradict each other.
  func chunker(over base: ChunkerSettings) throws -> ChunkerSettings {
    let chunker = ChunkerSettings(
      target: target ?? base.target, maximum: maximum ?? base.maximum, overlap: overlap ?? base.overlap)
    guard chunker.overlap < chunker.target, chunker.target <= chunker.maximum else {
      throw Failure(
        .permanent, code: "CHUNKER_INVALID",
        "The chunk sizes contradict each other: target \(chunker.target), maximum \(chunker.maximum), overlap "
          + "\(chunker.overlap) tokens.",
        hint: "The overlap must be below the target, and the target not above the maximum.", category: .invalid)
    }
    return chunker
  }
}
