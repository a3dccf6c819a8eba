/// A search's request to a back end: up to two ranked lists from one read, and the contents of chosen chunks.
package struct CandidateRequest: Sendable {
  /// The query's text.
  package var text: String
  /// The query's vector. It must not be nil if ``nearest`` is above 0.
  package var vector: [Float]?
  /// Length of the list of nearest vectors; 0 requests none.
  package var nearest: Int
  /// Length of the list of best keyword matches; 0 requests none.
  package var keyword: Int
  /// Restricts the search to documents of this source.
  package var source: String?
  /// Restricts the search to documents whose metadata has all of these.
  package var `where`: [String: String]
  /// Chooses the chunks whose contents the answer contains. If it can, a back end calls this within its read, so that
  /// other contents are never loaded. A back end that cannot may return more contents than were chosen.
  package var choose: @Sendable (CandidateLists) -> [ChunkID]

  package init(
    text: String, vector: [Float]?, nearest: Int, keyword: Int, source: String? = nil, where: [String: String] = [:],
    choose: @escaping @Sendable (CandidateLists) -> [ChunkID] = { $0.chunks }
  ) {
    self.text = text
    self.vector = vector
    self.nearest = nearest
    self.keyword = keyword
    self.source = source
    self.where = `where`
    self.choose = choose
  }
}

/// A chunk and its score, on the scale of its list.
package struct ScoredChunk: Hashable, Sendable {
  package var chunk: ChunkID
  /// Greater is better.
  package var score: Double

  package init(chunk: ChunkID, score: Double) {
    self.chunk = chunk
    self.score = score
  }
}

/// The ranked lists of one read. Each is sorted best first, without repetition. Equal scores are in the order of chunk
/// ids.
package struct CandidateLists: Hashable, Sendable {
  /// Ranked by cosine.
  package var nearest: [ScoredChunk]
  /// Ranked by BM25 or a similar measure.
  package var keyword: [ScoredChunk]

  package init(nearest: [ScoredChunk] = [], keyword: [ScoredChunk] = []) {
    self.nearest = nearest
    self.keyword = keyword
  }

  /// The chunks of both lists, each once.
  package var chunks: [ChunkID] {
    var seen: Set<ChunkID> = []
    return (nearest + keyword).map(\.chunk).filter { seen.insert($0).inserted }
  }
}

/// A back end's answer to a ``CandidateRequest``.
package struct Candidates: Hashable, Sendable {
  package var lists: CandidateLists
  /// Contents of at least the chosen chunks.
  package var contents: [ChunkID: ChunkContent]

  package init(lists: CandidateLists = CandidateLists(), contents: [ChunkID: ChunkContent] = [:]) {
    self.lists = lists
    self.contents = contents
  }
}

/// A chunk as readers see it.
package struct ChunkContent: Hashable, Sendable {
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
    uri: String, source: String, page: Int?, heading: [String], start: Int, end: Int, text: String,
    meta: [String: String]
  ) {
    self.uri = uri
    self.source = source
    self.page = page
    self.heading = heading
    self.start = start
    self.end = end
    self.text = text
    self.meta = meta
  }
}
