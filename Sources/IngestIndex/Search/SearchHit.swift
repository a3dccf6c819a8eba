/// One chunk found by a search.
package struct SearchHit: Hashable, Sendable {
  /// The place in the answer, from 1.
  package var rank: Int
  /// Greater is better: reciprocal ranks for a hybrid search, cosine for vectors, BM25 for keywords. Scores of different
  /// modes cannot be compared.
  package var score: Double
  package var chunk: ChunkID
  package var uri: String
  package var source: String
  /// Page number from 1; nil for texts without pages.
  package var page: Int?
  /// Headings, outermost first.
  package var heading: [String]
  /// Half-open span in the document's text, in Unicode scalars.
  package var start: Int
  package var end: Int
  package var text: String
  package var meta: [String: String]

  package init(
    rank: Int, score: Double, chunk: ChunkID, uri: String, source: String, page: Int?, heading: [String], start: Int,
    end: Int, text: String, meta: [String: String]
  ) {
    self.rank = rank
    self.score = score
    self.chunk = chunk
    self.uri = uri
    self.source = source
    self.page = page
    self.heading = heading
    self.start = start
    self.end = end
    self.text = text
    self.meta = meta
  }

  package init(rank: Int, _ found: ScoredChunk, _ content: ChunkContent) {
    self.init(
      rank: rank, score: found.score, chunk: found.chunk, uri: content.uri, source: content.source, page: content.page,
      heading: content.heading, start: content.start, end: content.end, text: content.text, meta: content.meta)
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
