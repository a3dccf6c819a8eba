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
