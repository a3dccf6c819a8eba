package import IngestCore
package import IngestIndex

/// A search in one index.
package struct SearchQuery: Sendable, Hashable {
  package var text: String
  /// Nil for the live generation.
  package var generation: Int?
  package var index: String
  /// The most hits.
  package var count = 5
  package var mode = SearchMode.hybrid
  /// Only documents of this source.
  package var source: String?
  /// Only documents with this metadata.
  package var meta: [String: String] = [:]

  package init(_ text: String, index: String) {
    self.text = text
    self.index = index
  }
}

extension Operations {
  /// Returns the best chunks of one generation.
  /// - Throws: `INDEX_NOT_FOUND`, `GENERATION_NOT_FOUND`, and the embedder's failures.
  package func search(_ query: SearchQuery) async throws -> SearchAnswer {
    guard let searcher = parts.searcher else {
      throw Failure(
        .permanent, code: "SEARCH_UNAVAILABLE", "This program has no embedders to search with.",
        hint: "Search with a program that has embedders.", category: .refused)
    }
    do {
      return try await searcher.search(
        SearchRequest(text: query.text, k: query.count, mode: query.mode, source: query.source, where: query.meta),
        index: query.index, generation: query.generation)
    } catch {
      throw Self.ofSearch(Failure(error))
    }
  }

  /// Replaces the hint of an embedder's failure: it is written for jobs, which are retried, and a search is not retried.
  private static func ofSearch(_ failure: Failure) -> Failure {
    guard failure.reason == .embedder, failure.kind != .permanent else { return failure }
    var failure = failure
    failure.hint =
      failure.retryable
      ? "Search again later, or by words alone with \(option: "mode", "keyword"); \(Action(.doctor)) checks the embedder."
      : "Check the key, the quota and the model with its operator; \(option: "mode", "keyword") needs no embedder."
    return failure
  }
}
