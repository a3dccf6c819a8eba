package import IngestCore

/// A chunker that cuts a document into pieces for embedding and search.
///
/// Sections come first: a chunk does not cross a heading, except that tiny sections under a common parent are joined. A
/// section that is too long is cut at paragraphs, then sentences, lines, words, and finally between characters, as near
/// to the aim as the better place allows. If the cut is within a paragraph, the next chunk repeats a little. It runs in
/// one pass with a bounded lookahead, in linear time for every text. Equal texts give equal chunks.
package struct Chunker: Sendable {
  package let settings: ChunkerSettings

  /// Corrects settings that contradict each other: `target` ≤ `maximum`, `overlap` ≤ a quarter of `target`.
  package init(settings: ChunkerSettings = .init()) {
    var settings = settings
    settings.maximum = max(16, settings.maximum)
    settings.target = min(max(8, settings.target), settings.maximum)
    settings.overlap = min(max(0, settings.overlap), settings.target / 4)
    self.settings = settings
  }

  package func chunks(of document: DocumentText) -> [Chunk] {
    let outline = SectionOutline(document.headings)
    return document.utf8.withUnsafeBufferPointer { bytes in
      var cutter = ChunkCutter(
        settings: settings, outline: outline, window: AtomWindow(AtomScanner(bytes, sections: outline.starts)))
      var chunks: [Chunk] = []
      while let cut = cutter.next() {
        chunks.append(
          Chunk(
            ordinal: chunks.count, start: cut.scalars.lowerBound, end: cut.scalars.upperBound,
            page: document.page(at: cut.scalars.lowerBound), heading: cut.heading, tokens: cut.tokens,
            text: String(decoding: bytes[cut.bytes], as: UTF8.self)))
      }
      return chunks
    }
  }

  /// Returns the number of word pieces in a text; see ``PieceCount`` for how they are counted.
  package static func tokens(in text: String) -> Int {
    var text = text
    return text.withUTF8 { bytes in
      var scanner = AtomScanner(bytes, sections: [0])
      var total = 0
      while let atom = scanner.next() { total += atom.tokens }
      return total
    }
  }
}
