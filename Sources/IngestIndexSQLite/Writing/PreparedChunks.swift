internal import IngestCore
internal import IngestIndex

/// Chunks in the form in which they are stored. The caller prepares them, so that the writer's thread only binds and
/// copies.
struct PreparedChunks: Sendable {
  struct Entry: Sendable {
    var chunk: Chunk
    var heading: String
    /// The text for the full-text index, with spaces added where its script has none.
    var indexed: String
    /// NULL for a chunk without a vector.
    var vectorSum: Int64?
  }

  var entries: [Entry]
  /// The vectors as rows of the layout, one per chunk.
  var rows: [Float]

  /// - Throws: ``IndexError`` for ordinals that are not consecutive and for vectors that cannot be stored.
  init(
    _ chunks: some Collection<EmbeddedChunk>, document: DocumentID, layout: VectorLayout, generation: GenerationName
  ) throws(IndexError) {
    entries = []
    entries.reserveCapacity(chunks.count)
    rows = []
    rows.reserveCapacity(chunks.count * layout.floats)
    var next = chunks.first?.chunk.ordinal ?? 0
    for embedded in chunks {
      let chunk = embedded.chunk
      guard chunk.ordinal == next else { throw .gap(document, expected: next, found: chunk.ordinal) }
      next += 1
      if let vector = embedded.vector {
        guard vector.count == layout.dimensions else {
          throw .wrongDimensions(generation, expected: layout.dimensions, found: vector.count)
        }
        guard vector.allSatisfy(\.isFinite) else {
          throw .notFinite(generation, document: document, ordinal: chunk.ordinal)
        }
      }
      let start = rows.count
      layout.append(embedded.vector, to: &rows)
      let sum =
        embedded.vector == nil
        ? nil : rows.withUnsafeBytes { VectorLayout.checksum(.init(rebasing: $0[(start * 4)...])) }
      entries.append(
        Entry(
          chunk: chunk, heading: HeadingText.join(chunk.heading), indexed: SpacelessScripts.separated(chunk.text),
          vectorSum: sum))
    }
  }

  private init(entries: [Entry], rows: [Float]) {
    self.entries = entries
    self.rows = rows
  }

  var count: Int { entries.count }

  /// Returns the chunks without the first `count`.
  func dropping(_ count: Int, layout: VectorLayout) -> PreparedChunks {
    count == 0
      ? self
      : PreparedChunks(entries: Array(entries.dropFirst(count)), rows: Array(rows.dropFirst(count * layout.floats)))
  }
}

/// A heading path stored in one column.
enum HeadingText {
  private static let separator: Unicode.Scalar = "\u{1F}"

  static func join(_ heading: [String]) -> String {
    if heading.count == 1, !heading[0].unicodeScalars.contains(separator) { return heading[0] }
    return heading.map { String(String.UnicodeScalarView($0.unicodeScalars.map { $0 == separator ? " " : $0 })) }
      .joined(separator: String(separator))
  }

  static func split(_ text: String) -> [String] {
    text.isEmpty
      ? [] : text.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
  }
}

/// Metadata as a JSON object with sorted keys.
enum MetaText {
  static func json(_ meta: [String: String]) -> String {
    if meta.isEmpty { return "{}" }
    let members = meta.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
