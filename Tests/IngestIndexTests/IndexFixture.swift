import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestTestKit

/// A generation in its own folder, and documents to put into it.
struct IndexFixture {
  let folder: TemporaryFolder
  let index: SQLiteIndex
  let name = GenerationName(index: "docs", number: 3)
  static let dimensions = 20

  init(dimensions: Int = Self.dimensions) async throws {
    folder = try TemporaryFolder("index")
    index = SQLiteIndex(folder: folder.path)
    try await index.create(name, dimensions: dimensions)
  }

  /// Returns the index as another program opens it.
  func other() -> SQLiteIndex { SQLiteIndex(folder: folder.path) }

  static func document(_ number: Int) -> DocumentID {
    let digits = String(number)
    return DocumentID(rawValue: "01J" + String(repeating: "0", count: 23 - digits.count) + digits)
  }

  static func header(
    _ number: Int, revision: Int, source: String = "handbook", meta: [String: String] = [:]
  ) -> DocumentHeader {
    DocumentHeader(
      document: document(number), revision: revision, source: source, uri: "/tmp/\(number).pdf", meta: meta)
  }

  /// Returns a document whose chunks have these texts, with vectors made from the texts.
  static func write(
    _ number: Int, revision: Int, _ texts: [String], source: String = "handbook", meta: [String: String] = [:]
  ) -> DocumentWrite {
    DocumentWrite(
      header: header(number, revision: revision, source: source, meta: meta),
      chunks: texts.enumerated().map { ordinal, text in
        EmbeddedChunk(
          chunk: Chunk(
            ordinal: ordinal, start: 10 * ordinal, end: 10 * ordinal + text.unicodeScalars.count, page: ordinal + 1,
            heading: ["Part", "Section \(ordinal)"], tokens: 3, text: text),
          vector: vector(text))
      })
  }

  /// Returns a unit vector that depends on the text alone and is far from that of any other text.
  static func vector(_ text: String, dimensions: Int = Self.dimensions) -> [Float] {
    var random = SplitMix(seed: text.utf8.reduce(7) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    let values = (0..<dimensions).map { _ in Float(random.fraction() - 0.5) }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
  }

  func texts(_ query: String, mode: SearchMode = .keyword, k: Int = 10) async throws -> [String] {
    try await index.search(SearchRequest(text: query, vector: Self.vector(query), k: k, mode: mode), in: name)
      .map(\.content.text)
  }

  /// Returns every chunk that a vector search can find.
  func everything(_ index: SQLiteIndex? = nil) async throws -> [ChunkID] {
    try await (index ?? self.index)
      .search(SearchRequest(text: "", vector: Self.vector(""), k: 1000, mode: .vector), in: name).map(\.chunk).sorted()
  }

  /// Compares the index with what the catalogue would expect after these writes.
  func findings(_ expected: [ExpectedDocument]) async throws -> IndexVerification {
    let sorted = expected.sorted { $0.document < $1.document }
    return try await IndexVerification.run(name, of: index, pageSize: 3) { after, limit in
      Array(sorted.drop { document in after.map { document.document <= $0 } ?? false }.prefix(limit))
    } entry: { document in
      sorted.first { $0.document == document }
    }
  }

  static func expected(_ number: Int, revision: Int, chunks: Int, deleted: Bool = false) -> ExpectedDocument {
    ExpectedDocument(
      document: document(number), revision: revision, wanted: revision, deleted: deleted, chunks: chunks)
  }
}

extension SplitMix {
  /// Returns a uniform number in `0..<1`.
  mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}
