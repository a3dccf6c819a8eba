/// A span of a document's text, as it is embedded and found.
package struct Chunk: Codable, Hashable, Sendable {
  /// The chunk's number within its revision, from 0.
  package var ordinal: Int
  /// The half-open span in the document's text, in Unicode scalars; ``text`` is exactly this span.
  package var start: Int
  package var end: Int
  /// The page on which it starts, from 1; nil for texts without pages.
  package var page: Int?
  /// The headings above it, outermost first.
  package var heading: [String]
  /// The number of tokens, as the chunker counts.
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

/// The settings for cutting text into chunks, which are part of a generation's fingerprint.
package struct ChunkerSettings: Codable, Hashable, Sendable {
  /// The intended number of tokens in a chunk.
  package var target: Int
  /// The largest number of tokens in a chunk.
  package var maximum: Int
  /// The largest number of tokens repeated from the end of the previous chunk.
  package var overlap: Int

  package init(target: Int = 220, maximum: Int = 256, overlap: Int = 24) {
    self.target = target
    self.maximum = maximum
    self.overlap = overlap
  }

  package var fingerprint: String { "recursive/1:\(target):\(maximum):\(overlap)" }
}
