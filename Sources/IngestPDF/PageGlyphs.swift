private import CPoppler
private import Glibc

/// Poppler's data about a page's text: the characters, a rectangle for each, and the fonts in runs.
struct PageGlyphs {
  struct FontRun {
    /// Index of the first and of the last character, both included.
    var first: Int
    var last: Int
    var size: Float
    var bold: Bool
  }

  struct Box {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
  }

  /// The text as UTF-8.
  var text: UnsafeBufferPointer<UInt8>
  /// One rectangle per scalar, with y from the top. Bidirectional marks have none.
  var boxes: UnsafeBufferPointer<Box>
  var fonts: [FontRun]
  var rightToLeft: Bool
  /// Size of the displayed page in points.
  var width: Double
  var height: Double

  /// Calls `body` with the page's glyphs, which must not outlive the call.
  static func withGlyphs<Result>(
    of page: OpaquePointer, width: Double, height: Double, _ body: (PageGlyphs) -> Result
  ) -> Result {
    var area = PopplerRectangle(x1: 0, y1: 0, x2: width, y2: height)
    guard var text = poppler_page_get_text(page) else { return body(empty) }
    let rightToLeft = hasEmbedding(text)
    var chosen = false
    if rightToLeft {
      // A selection between two opposite corners misses most of a page whose blocks run the other way. Which corners
      // are right depends on the page's rotation, so the pair that returns the most text is used.
      for corners in Self.corners(width, height) {
        var other = corners
        guard var more = poppler_page_get_text_for_area(page, &other) else { continue }
        if strlen(more) > strlen(text) {
          swap(&area, &other)
          swap(&text, &more)
          chosen = true
        }
        g_free(more)
      }
    }
    defer { g_free(text) }
    var boxes: UnsafeMutablePointer<PopplerRectangle>?
    var count: guint = 0
    let found =
      chosen
      ? poppler_page_get_text_layout_for_area(page, &area, &boxes, &count)
      : poppler_page_get_text_layout(page, &boxes, &count)
    defer { g_free(boxes) }
    let runs =
      chosen ? poppler_page_get_text_attributes_for_area(page, &area) : poppler_page_get_text_attributes(page)
    defer { poppler_page_free_text_attributes(runs) }
    let bytes = UnsafeRawBufferPointer(start: text, count: strlen(text))
    let rectangles = UnsafeRawBufferPointer(
      start: boxes, count: found != 0 ? Int(count) * MemoryLayout<PopplerRectangle>.stride : 0)
    return body(
      PageGlyphs(
        text: bytes.assumingMemoryBound(to: UInt8.self), boxes: rectangles.bindMemory(to: Box.self),
        fonts: fonts(runs), rightToLeft: rightToLeft, width: width, height: height))
  }

  private static func corners(_ width: Double, _ height: Double) -> [PopplerRectangle] {
    [(width, height), (height, width)].flatMap { x, y in
      [
        PopplerRectangle(x1: x, y1: 0, x2: 0, y2: y), PopplerRectangle(x1: 0, y1: y, x2: x, y2: 0),
        PopplerRectangle(x1: x, y1: y, x2: 0, y2: 0),
      ]
    }
  }

  private static var empty: PageGlyphs {
    PageGlyphs(
      text: UnsafeBufferPointer(start: nil, count: 0), boxes: UnsafeBufferPointer(start: nil, count: 0),
      fonts: [], rightToLeft: false, width: 0, height: 0)
  }

  /// Returns whether poppler wrote U+202B, which it puts before a right-to-left line.
  private static func hasEmbedding(_ text: UnsafeMutablePointer<CChar>) -> Bool { strstr(text, "\u{202B}") != nil }

  private static func fonts(_ list: UnsafeMutablePointer<GList>?) -> [FontRun] {
    var runs: [FontRun] = []
    var node = list
    while let current = node {
      if let run = current.pointee.data?.assumingMemoryBound(to: PopplerTextAttributes.self).pointee {
        runs.append(
          FontRun(
            first: Int(run.start_index), last: Int(run.end_index), size: Float(run.font_size),
            bold: isBold(run.font_name)))
      }
      node = current.pointee.next
    }
    return runs
  }

  private static func isBold(_ name: UnsafePointer<CChar>?) -> Bool {
    guard let name else { return false }
    return ingestd_contains_ignoring_case(name, "bold") || ingestd_contains_ignoring_case(name, "black")
      || ingestd_contains_ignoring_case(name, "heavy") || ingestd_contains_ignoring_case(name, "cmbx")
  }
}
