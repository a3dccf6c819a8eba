import IngestCore
import IngestDocuments

extension FuzzTarget {
  /// A file that was detected as text or Markdown: it is decoded, cleaned, outlined and cut.
  static let textReading = FuzzTarget(
    "text-reading", words: ["\u{FEFF}", "\r\n", "\u{200D}", "\u{202E}", "\0", "\u{301}", "# ", "```\n", "---\n"]
  ) { bytes in
    guard case .document(let type) = Sniffer.sniff(Array(bytes.prefix(Sniffer.prefixLength)), name: "a.md"),
      type != .pdf
    else { return }
    let text: String
    do throws(DocumentError) { text = try TextDecoder.decode(bytes, name: "a.md") } catch {
      guard case .undecodable(_, let offset) = error else { throw Broken("an unexpected refusal: \(error)") }
      try require((0..<max(1, bytes.count)).contains(offset), "byte \(offset) of \(bytes.count) is reported")
      return
    }
    for scalar in text.unicodeScalars {
      try require(
        scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) || scalar == "\n" || scalar == "\t",
        "U+\(String(scalar.value, radix: 16)) is left in the text")
      try require(scalar != "\u{FEFF}", "a byte-order mark is left in the text")
    }
    if let plain = String(validating: bytes, as: UTF8.self), Sniffer.encoding(of: bytes) == .utf8 {
      try require(letters(plain) == letters(text), "letters were lost")
    }
    let page = type == .markdown ? MarkdownReader.read(text).page : ParsedPage(number: nil, text: text)
    try require(page.text == text, "Markdown changes the text")
    for (heading, next) in zip(page.headings, page.headings.dropFirst()) {
      try require(heading.offset <= next.offset, "headings out of order")
    }
    for heading in page.headings {
      try require((1...6).contains(heading.level), "a heading of level \(heading.level)")
      try require(heading.offset < text.unicodeScalars.count, "a heading past the end")
      try require(!heading.title.utf8.contains(10), "a heading of two lines")
    }
    let part = ParsedPart(pages: [page])
    let again = try ParsedPart(decoding: part.encode())
    try require(again == part, "a stored parse differs after reading")
    try judge(DocumentText(parts: [part]), settings: .init(target: 32, maximum: 48, overlap: 6))
  }

  /// Returns ASCII letters and digits in order, which cleaning must not change.
  private static func letters(_ text: String) -> [UInt8] {
    text.utf8.filter { ($0 | 32) &- 97 < 26 || $0 &- 48 < 10 }
      // Ligatures become letters.
      .filter { !"fist".utf8.contains($0 | 32) }
  }

  /// Any text in any pages under any headings with any settings: three bytes of settings, then pages separated by
  /// U+000C. U+0001 begins a heading.
  static let chunker = FuzzTarget(
    "chunker", words: ["\u{c}", "\u{1}", "\u{200D}", "\u{301}", "。", "。」", ". A", "\n\n", "\u{1F468}", "\u{E01EF}"]
  ) { bytes in
    guard bytes.count > 3 else { return }
    let settings = ChunkerSettings(
      target: Int(bytes[0]) * 2, maximum: Int(bytes[1]) * 2, overlap: Int(bytes[2]) - 16)
    let texts = String(decoding: bytes.dropFirst(3), as: UTF8.self)
      .unicodeScalars.split(separator: "\u{c}", omittingEmptySubsequences: false)
    let pages = texts.enumerated().map { number, scalars in
      var headings: [Heading] = []
      for (offset, scalar) in scalars.enumerated() where scalar == "\u{1}" {
        headings.append(Heading(offset: offset, level: 1 + (offset + number) % 6, title: "h\(offset)"))
      }
      return ParsedPage(number: number + 1, text: String(String.UnicodeScalarView(scalars)), headings: headings)
    }
    try judge(DocumentText(parts: [ParsedPart(pages: pages)]), settings: settings)
  }

  /// Checks the promises of the chunker for a text: chunks are in order and in bounds, each matches its span exactly,
  /// none is too large, only space lies between two, and the same text is cut in the same way.
  static func judge(_ document: DocumentText, settings: ChunkerSettings) throws {
    let chunker = Chunker(settings: settings)
    let chunks = chunker.chunks(of: document)
    let scalars = Array(document.text.unicodeScalars)
    try require(scalars.count == document.scalarCount, "the text is counted as \(document.scalarCount) scalars")
    var (start, end) = (-1, 0)
    for (ordinal, chunk) in chunks.enumerated() {
      try require(chunk.ordinal == ordinal, "chunk \(ordinal) has number \(chunk.ordinal)")
      try require(chunk.start > start && chunk.end > end, "chunk \(ordinal) does not advance")
      try require(chunk.start < chunk.end && chunk.end <= scalars.count, "chunk \(ordinal) is out of bounds")
      if chunk.start > end {
        let between = scalars[end..<chunk.start]
        try require(between.allSatisfy(isSpace), "text before chunk \(ordinal) is in no chunk")
      }
      var slice = String.UnicodeScalarView()
      slice.append(contentsOf: scalars[chunk.start..<chunk.end])
      try require(chunk.text.unicodeScalars.elementsEqual(slice), "chunk \(ordinal) does not match its span")
      let sliced = document.slice(chunk.start..<chunk.end)
      try require(sliced.utf8.elementsEqual(chunk.text.utf8), "the document's slice differs from chunk \(ordinal)")
      try require(chunk.tokens > 0, "chunk \(ordinal) has \(chunk.tokens) pieces")
      try require(chunk.tokens <= max(16, chunker.settings.maximum), "chunk \(ordinal) has \(chunk.tokens) pieces")
      try require(chunk.page == document.page(at: chunk.start), "chunk \(ordinal) is on another page")
      (start, end) = (chunk.start, chunk.end)
    }
    try require(scalars[end...].allSatisfy(isSpace), "the end of the text is in no chunk")
    try require(chunker.chunks(of: document) == chunks, "the same text is cut in two ways")
    let list = ChunkList(chunks)
    let kept = try ChunkList(decoding: list.encode())
    try require(kept.chunks(with: document) == chunks, "stored chunks differ after reading")
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20 || scalar.value == 0x7F || scalar.properties.isWhitespace
      || ["\u{200B}", "\u{FEFF}"].contains(scalar)
  }
}
