package import IngestCore

/// Cuts a document into stretches that are embedded and found.
///
/// Sections first: a chunk does not cross a heading, except that tiny sections under a common parent are put together. A
/// section that is too long is cut at paragraphs, then sentences, lines, words, and at last between characters, as near
/// to the aim as the better place allows. Where the cut is within a paragraph the next chunk repeats a little. One pass
/// with a bounded lookahead: linear in time, whatever the text; equal texts give equal chunks.
package struct Chunker: Sendable {
  package let settings: ChunkerSettings

  /// Settings that contradict each other are bent: `target` ≤ `maximum`, `overlap` ≤ a quarter of `target`.
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

  /// Word pieces in a text, by the same count; see ``PieceCount`` for how it is made.
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
