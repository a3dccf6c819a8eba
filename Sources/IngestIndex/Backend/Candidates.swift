/// What a search asks of a back end: up to two ranked lists from one read, and the contents of the chunks that matter.
package struct CandidateRequest: Sendable {
  /// The query's words.
  package var text: String
  /// The query's vector; not nil where ``nearest`` is above 0.
  package var vector: [Float]?
  /// Length of the list of nearest vectors; 0 asks for none.
  package var nearest: Int
  /// Length of the list of best keyword matches; 0 asks for none.
  package var keyword: Int
  /// Only documents of this source.
  package var source: String?
  /// Only documents whose metadata has all of these.
  package var `where`: [String: String]
  /// Chooses the chunks whose contents the answer brings. A back end that can calls it within its read, so that the
  /// contents of the others are never loaded; one that cannot may return more contents than were chosen.
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

/// A chunk and how well it matches, in the measure of its list.
package struct ScoredChunk: Hashable, Sendable {
  package var chunk: ChunkID
  /// Greater is better.
  package var score: Double

  package init(chunk: ChunkID, score: Double) {
    self.chunk = chunk
    self.score = score
  }
}

/// The ranked lists of one read, each best first and without repetition. Equal scores stand in the order of chunk ids.
package struct CandidateLists: Hashable, Sendable {
  /// By cosine.
  package var nearest: [ScoredChunk]
  /// By BM25 or a measure like it.
  package var keyword: [ScoredChunk]

  package init(nearest: [ScoredChunk] = [], keyword: [ScoredChunk] = []) {
    self.nearest = nearest
    self.keyword = keyword
  }

  /// Every chunk of either list, once.
  package var chunks: [ChunkID] {
    var seen: Set<ChunkID> = []
    return (nearest + keyword).map(\.chunk).filter { seen.insert($0).inserted }
  }
}

/// A back end's answer to a ``CandidateRequest``.
package struct Candidates: Hashable, Sendable {
  package var lists: CandidateLists
  /// At least of the chunks that were chosen.
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
  /// From 1; nil for texts without pages.
  package var page: Int?
  /// Outermost first.
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
