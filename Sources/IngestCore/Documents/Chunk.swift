/// A stretch of a document's text, as it is embedded and found.
package struct Chunk: Codable, Hashable, Sendable {
  /// From 0 within its revision.
  package var ordinal: Int
  /// Half-open span in the document's text, in Unicode scalars; ``text`` is exactly that stretch.
  package var start: Int
  package var end: Int
  /// The page on which it starts, from 1; nil for texts without pages.
  package var page: Int?
  /// The headings it stands under, outermost first.
  package var heading: [String]
  /// By the chunker's count.
  package var tokens: Int
  package var text: String

  package init(
    ordinal: Int, start: Int, end: Int, page: Int?, heading: [String], tokens: Int, text: String
  ) {
    self.ordinal = ordinal
    self.start = start
    self.end = end
    self.page = page
    self.heading = heading
    self.tokens = tokens
    self.text = text
  }
}

/// How text is cut. Part of a generation's fingerprint.
package struct ChunkerSettings: Codable, Hashable, Sendable {
  /// Tokens aimed at.
  package var target: Int
  /// Tokens at most.
  package var maximum: Int
  /// Tokens repeated from the end of the chunk before, at most.
  package var overlap: Int

  package init(target: Int = 220, maximum: Int = 256, overlap: Int = 24) {
    self.target = target
    self.maximum = maximum
    self.overlap = overlap
  }

  package var fingerprint: String { "recursive/1:\(target):\(maximum):\(overlap)" }
}
