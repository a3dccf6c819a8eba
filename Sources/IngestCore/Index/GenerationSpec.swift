/// The settings that a generation is built with.
package struct GenerationSpec: Codable, Hashable, Sendable {
  /// The parser's fingerprint. Results of different parsers are not shared.
  package var parser: String
  package var chunker: ChunkerSettings
  package var embedder: EmbedderSpec
  /// The back end that stores the chunks: `sqlite`.
  package var backend: String

  package init(parser: String, chunker: ChunkerSettings, embedder: EmbedderSpec, backend: String = "sqlite") {
    self.parser = parser
    self.chunker = chunker
    self.embedder = embedder
    self.backend = backend
  }

  /// A key for the contents: two generations with equal fingerprints would hold the same chunks.
  package var fingerprint: String {
    [parser, chunker.fingerprint, embedder.fingerprint, embedder.documentPrefix, backend].joined(separator: "|")
  }
}

/// One physical build of an index.
package struct Generation: Hashable, Sendable {
  /// The state of a generation. Only the operations named here change it; exactly one generation of an index is
  /// ``live``.
  package enum State: String, Codable, Sendable, CaseIterable {
    /// Entered by `index build`; left by the reindex job (``ready``), by a swap, or by `index gc`.
    case building
    /// Entered by the reindex job when the generation is filled and verified; left by a swap or `index gc`.
    case ready
    /// Entered by `index create`, a swap or a rollback; left by the next swap or rollback.
    case live
    /// Entered when another generation becomes live. It still receives writes until `index gc`, so that a rollback is
    /// not stale.
    case retired
    /// Entered by `index gc`; never left. The number is not reused.
    case deleted
  }

  package var index: String
  package var number: Int
  package var state: State
  package var spec: GenerationSpec
  package var createdAt: Timestamp

  package init(index: String, number: Int, state: State, spec: GenerationSpec, createdAt: Timestamp) {
    self.index = index
    self.number = number
    self.state = state
    self.spec = spec
    self.createdAt = createdAt
  }

  /// Whether submits still write to it.
  package var isOpen: Bool { state != .deleted }

  /// Checks that the generation may be closed for good.
  /// - Throws: `GENERATION_LIVE`.
  package func requireClosable() throws {
    guard state == .live else { return }
    throw Failure(
      .permanent, code: "GENERATION_LIVE", "Generation \(number) of '\(index)' is live.",
      hint: "Swap to another generation first.", category: .refused)
  }
}
