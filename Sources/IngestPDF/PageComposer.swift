/// A composer that turns a page's glyphs into clean text in reading order. One serves a whole document, because it
/// learns the document's usual size.
struct PageComposer {
  private var detector = HeadingDetector()
  private var segments: [TextSegment] = []
  private var row = RowText()

  mutating func compose(
    _ glyphs: PageGlyphs, outline: [PDFOutline.Entry], hasOutline: Bool, form: [String]
  ) -> PDFPageText {
    var scanner = SegmentScanner(glyphs, reusing: segments)
    segments = []
    guard scanner.scan() else { return plain(glyphs, form: form) }
    segments = scanner.segments
    let order = ReadingOrder(segments, rightToLeft: glyphs.rightToLeft)
    let rows = TextRow.rows(order, segments, rightToLeft: glyphs.rightToLeft)
    detector.learn(rows)
    let spacing = LineSpacing(rows)
    var page = PageText(outline: outline, hasOutline: hasOutline)
    page.reserve(glyphs.text.count)
    for (place, next) in rows.enumerated() {
      row.compose(next, segments, glyphs.text)
      guard !row.bytes.isEmpty else { continue }
      let gap = place == 0 ? .page : spacing.between(rows, place)
      page.add(next, &row, gap: gap, margin: spacing.margins[next.region], detector: detector)
    }
    add(form, to: &page)
    return page.finish()
  }

  private mutating func add(_ form: [String], to page: inout PageText) {
    for value in form {
      for line in value.split(whereSeparator: \.isNewline) { page.add(line: row.clean(String(line))) }
    }
  }

  /// Returns the text in poppler's own order, line by line.
  private mutating func plain(_ glyphs: PageGlyphs, form: [String]) -> PDFPageText {
    var page = PageText(outline: [], hasOutline: true)
    var start = 0
    for end in 0...glyphs.text.count where end == glyphs.text.count || glyphs.text[end] == 0x0A {
      let segment = TextSegment(
        start: start, end: end, left: 0, top: 0, right: 0, bottom: 0, size: 0, bold: false, characters: end - start,
        turned: false)
      let line = TextRow(segment, index: 0, region: 0)
      row.compose(line, [segment], glyphs.text)
      if !row.bytes.isEmpty { page.add(line, &row, gap: .line, margin: 0, detector: detector) }
      start = end + 1
    }
    add(form, to: &page)
    return page.finish()
  }
}
