package import IngestCore

/// A query with its options.
package struct SearchRequest: Hashable, Sendable {
  package var text: String
  /// The query's vector. ``Searcher`` fills it in.
  package var vector: [Float]?
  /// Maximum number of hits, 1 to ``limit``.
  package var k: Int
  package var mode: SearchMode
  /// Restricts the search to documents of this source.
  package var source: String?
  /// Restricts the search to documents whose metadata has all of these.
  package var `where`: [String: String]

  package static let limit = 1000

  package init(
    text: String, vector: [Float]? = nil, k: Int = 5, mode: SearchMode = .hybrid, source: String? = nil,
    where: [String: String] = [:]
  ) {
    self.text = text
    self.vector = vector
    self.k = k
    self.mode = mode
    self.source = source
    self.where = `where`
  }

  /// Number of candidates in each list of a hybrid search: enough that both lists contain a chunk that is second-best
  /// in both.
  package var depth: Int { max(50, 4 * k) }

  /// - Throws: ``IndexError/badRequest(_:)``.
  package func validate() throws(IndexError) {
    guard (1...Self.limit).contains(k) else {
      throw .badRequest("The number of hits must be between 1 and \(Self.limit), not \(k).")
    }
    guard mode == .keyword || vector != nil else {
      throw .badRequest("A \(mode.rawValue) search needs the query's vector.")
    }
  }
}

// MARK: - Candidates

extension SearchRequest {
  /// Returns the request to a back end.
  /// - Parameters:
  ///   - capabilities: a back end without keyword search is asked for vectors only.
  ///   - scale: factor on the usual length of the lists, for searches that may drop some of their chunks. From 2 on,
  ///     the contents of all chunks are requested. No list gets longer than ``longestList``.
  package func candidates(in capabilities: BackendCapabilities, scale: Int = 1) -> CandidateRequest {
    let length = min(listLength * scale, max(listLength, Self.longestList))
    let hasKeywords = capabilities.contains(.keywordSearch)
    var asked = CandidateRequest(
      text: text, vector: vector, nearest: mode == .keyword ? 0 : length,
      keyword: mode == .vector || !hasKeywords ? 0 : length, source: source, where: self.where)
    if scale == 1 {
      asked.choose = { lists in self.rank(lists).map { $0.chunk } }
    }
    return asked
  }

  /// Number of chunks of each list that count.
  var listLength: Int { mode == .hybrid ? depth : k }

  /// No list is longer than this. Servers return at most 10,000 (Pinecone) or 16,384 (Milvus) at once.
  static let longestList = 10_000

  /// Returns the best chunks of the lists. Hybrid searches fuse the lists by rank.
  package func rank(_ lists: CandidateLists) -> [ScoredChunk] {
    switch mode {
    case .keyword: Array(lists.keyword.prefix(k))
    case .vector: Array(lists.nearest.prefix(k))
    case .hybrid:
      ReciprocalRankFusion.fuse([lists.nearest, lists.keyword].map { $0.prefix(depth).map(\.chunk) }, limit: k)
        .map { ScoredChunk(chunk: $0.item, score: $0.score) }
    }
  }

  /// Returns the best chunks of an answer with their contents.
  package func hits(_ candidates: Candidates) -> [SearchHit] {
    rank(candidates.lists).enumerated().compactMap { position, found in
      candidates.contents[found.chunk].map { SearchHit(rank: position + 1, found, $0) }
    }
  }
}

extension IndexBackend {
  /// Returns the best chunks that the back end itself shows, without checking which revisions the catalogue holds.
  package func search(_ request: SearchRequest, in generation: GenerationName) async throws -> [SearchHit] {
    try request.validate()
    return request.hits(try await candidates(request.candidates(in: capabilities), in: generation))
  }
}
