import IngestCore
import IngestEmbedding

extension StepServices {
  /// Returns one vector for each chunk, in order. Each bought vector is stored before the next request.
  /// - Throws: `CHUNKS_REFUSED` if the embedder refuses single chunks for good.
  func vectors(for chunks: ArraySlice<Chunk>, spec: EmbedderSpec) async throws -> [[Float]] {
    let answer = try await answers(for: chunks, spec: spec)
    guard answer.lost.isEmpty else { throw Failure.refused(answer.lost, of: chunks.count, allowed: 0) }
    return answer.vectors.compactMap { $0 }
  }

  /// Returns the vectors and the chunks that the embedder refused. Those chunks have no vector.
  func answers(
    for chunks: ArraySlice<Chunk>, spec: EmbedderSpec,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) async throws -> Void = { _, _ in }
  ) async throws -> (vectors: [[Float]?], lost: [LostChunk]) {
    let embedder = try embedders.embedder(for: spec)
    let texts = chunks.map { spec.documentPrefix + $0.text }
    do {
      guard let cached = embedder as? CachedEmbedder else { return (try await embedder.embed(texts), []) }
      return (try await cached.vectors(for: texts, progress: progress), [])
    } catch let partial as EmbeddingPartialFailure {
      let lost = partial.refused.sorted { $0.key < $1.key }.map { position, failure in
        let chunk = chunks[chunks.startIndex + position]
        return LostChunk(
          ordinal: chunk.ordinal, page: chunk.page, start: chunk.start, end: chunk.end, failure: failure)
      }
      return (partial.vectors, lost)
    }
  }
}

extension Failure {
  /// Returns the failure of a document with too many lost chunks, by which searches could not find it.
  static func refused(_ lost: [LostChunk], of chunks: Int, allowed: Int) -> Failure {
    let named = lost.prefix(5).map { "\($0.ordinal)" + ($0.page.map { " (page \($0))" } ?? "") }
    return Failure(
      .permanent, code: "CHUNKS_REFUSED",
      "The embedder refused \(lost.count) of \(chunks) chunks; \(allowed) may be lost. Refused: \(named.joined(separator: ", ")).",
      hint:
        "See the chunks with \(Action(.parse, "FILE", with: ["chunks": nil])); fix the document or the chunker's settings, or "
        + "raise the embed step's `lost-chunks`.",
      causes: lost.prefix(5).map(\.failure))
  }
}
