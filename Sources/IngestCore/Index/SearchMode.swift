/// How a search finds its hits.
package enum SearchMode: String, Codable, Sendable, CaseIterable {
  /// By both of the others; their lists are fused by reciprocal rank.
  case hybrid
  /// By meaning: the vectors nearest to the query's.
  case vector
  /// By words: BM25.
  case keyword
}
