import IngestCore
import IngestEmbedding

extension StepServices {
  /// One vector for each chunk, in order; each one bought is kept before the next is asked for.
  func vectors(
    for chunks: ArraySlice<Chunk>, spec: EmbedderSpec,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) async throws -> Void = { _, _ in }
  ) async throws -> [[Float]] {
    let embedder = try embedders.embedder(for: spec)
    let texts = chunks.map { spec.documentPrefix + $0.text }
    do {
      guard let cached = embedder as? CachedEmbedder else { return try await embedder.embed(texts) }
      return try await cached.vectors(for: texts, progress: progress)
    } catch let partial as EmbeddingPartialFailure {
      throw Failure.refused(partial, chunks: Array(chunks))
    }
  }
}

extension Failure {
  /// Some chunks got no vector and never will: the whole document is refused, as it could not be found by them.
  fileprivate static func refused(_ partial: EmbeddingPartialFailure, chunks: [Chunk]) -> Failure {
    let places = partial.refused.sorted { $0.key < $1.key }
    let named = places.prefix(5).map { position, _ in
      let chunk = chunks[position]
      return "\(chunk.ordinal)" + (chunk.page.map { " (page \($0))" } ?? "")
    }
    return Failure(
      .permanent, code: "CHUNKS_REFUSED",
      "The embedder refused \(places.count) of \(partial.vectors.count) chunks: \(named.joined(separator: ", ")).",
      hint: "`ingestd parse FILE --chunks` shows them; mend the document or the chunker's settings.",
      causes: places.prefix(5).map(\.value))
  }
}
