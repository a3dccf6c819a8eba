/// One chunk found by a search.
package struct SearchHit: Hashable, Sendable {
  /// The place in the answer, from 1.
  package var rank: Int
  /// Greater is better: reciprocal ranks for a hybrid search, cosine for vectors, BM25 for keywords. Scores of different
  /// modes cannot be compared.
  package var score: Double
  package var chunk: ChunkID
  package var content: ChunkContent

  package init(rank: Int, _ found: ScoredChunk, _ content: ChunkContent) {
    self.rank = rank
    score = found.score
    chunk = found.chunk
    self.content = content
  }
}

/// The answer to one query. All hits are from one generation.
package struct SearchAnswer: Hashable, Sendable {
  package var index: String
  package var generation: Int
  package var tookMilliseconds: Double
  package var hits: [SearchHit]
  /// How the answer differs from the request, such as a hybrid search without keywords; nil if it does not.
  package var note: String?

  package init(index: String, generation: Int, tookMilliseconds: Double, hits: [SearchHit], note: String? = nil) {
    self.index = index
    self.generation = generation
    self.tookMilliseconds = tookMilliseconds
    self.hits = hits
    self.note = note
  }
}
