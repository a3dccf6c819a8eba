/// What is looked for.
package struct SearchRequest: Hashable, Sendable {
  package enum Mode: String, Codable, Sendable, CaseIterable {
    /// Both lists, fused by their ranks.
    case hybrid
    /// By meaning: the vectors nearest to the query's.
    case vector
    /// By words: BM25.
    case keyword
  }

  package var text: String
  /// The query's own vector; ``Searcher`` fills it in.
  package var vector: [Float]?
  /// Hits at most, 1 to ``limit``.
  package var k: Int
  package var mode: Mode
  /// Only documents of this source.
  package var source: String?
  /// Only documents whose metadata has all of these.
  package var `where`: [String: String]

  package static let limit = 1000

  package init(
    text: String, vector: [Float]? = nil, k: Int = 5, mode: Mode = .hybrid, source: String? = nil,
    where: [String: String] = [:]
  ) {
    self.text = text
    self.vector = vector
    self.k = k
    self.mode = mode
    self.source = source
    self.where = `where`
  }

  /// How many candidates each list of a hybrid search brings: deep enough that a chunk which is second-best in both lists
  /// is seen by both.
  package var depth: Int { max(50, 4 * k) }

  /// - Throws: ``IndexError/badRequest(_:)``.
  package func validate() throws(IndexError) {
    guard (1...Self.limit).contains(k) else {
      throw .badRequest("The number of hits must lie between 1 and \(Self.limit), and \(k) does not.")
    }
    guard mode == .keyword || vector != nil else {
      throw .badRequest("A \(mode.rawValue) search needs the query's vector.")
    }
  }
}

// MARK: - Candidates

extension SearchRequest {
  /// What a back end is asked for.
  /// - Parameters:
  ///   - capabilities: a back end without keyword search is asked for vectors alone.
  ///   - scale: how many times the usual length the lists have, where some of their chunks may be dropped; from 2 on
  ///     the contents of all of them are asked for. No list gets longer than ``longestList``.
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

  /// Chunks of each list that count.
  var listLength: Int { mode == .hybrid ? depth : k }

  /// More than any server returns at once: Pinecone 10,000, Milvus 16,384.
  static let longestList = 10_000

  /// The best chunks of the lists; hybrid searches fuse them by their ranks.
  package func rank(_ lists: CandidateLists) -> [ScoredChunk] {
    switch mode {
    case .keyword: Array(lists.keyword.prefix(k))
    case .vector: Array(lists.nearest.prefix(k))
    case .hybrid:
      ReciprocalRankFusion.fuse([lists.nearest, lists.keyword].map { $0.prefix(depth).map(\.chunk) }, limit: k)
        .map { ScoredChunk(chunk: $0.item, score: $0.score) }
    }
  }

  /// The best chunks of an answer, with their contents.
  package func hits(_ candidates: Candidates) -> [SearchHit] {
    rank(candidates.lists).enumerated().compactMap { position, found in
      candidates.contents[found.chunk].map { SearchHit(rank: position + 1, found, $0) }
    }
  }
}

extension IndexBackend {
  /// The best chunks that the back end itself shows, whatever the catalogue holds.
  package func search(_ request: SearchRequest, in generation: GenerationName) async throws -> [SearchHit] {
    try request.validate()
    return request.hits(try await candidates(request.candidates(in: capabilities), in: generation))
  }
}
