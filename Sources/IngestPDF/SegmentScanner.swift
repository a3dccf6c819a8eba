/// A scanner that goes through a page's glyphs once and finds its segments.
///
/// poppler puts table cells and neighbouring blocks on one line without a separator. Only the rectangles show the gaps.
struct SegmentScanner {
  /// Minimum width, in line heights, of a gap without a space that separates two characters.
  private static let gap: Float = 0.15
  /// The same for a gap that contains a space.
  private static let wideSpace: Float = 2.2

  private let glyphs: PageGlyphs
  private let rotation: PageRotation
  private var run = 0
  private(set) var segments: [TextSegment] = []
  private var open: TextSegment?
  private var sizes: (size: Float, count: Int, bold: Bool) = (0, 0, false)
  private var turnedSteps = 0
  private var lastX: (left: Float, right: Float) = (0, 0)
  private var lastTop: Float = 0
  private var spaceBefore = false

  init(_ glyphs: PageGlyphs, reusing segments: [TextSegment]) {
    self.glyphs = glyphs
    rotation = PageRotation(glyphs)
    self.segments = segments
    self.segments.removeAll(keepingCapacity: true)
  }

  /// Scans the page.
  /// - Returns: false if rectangles and characters do not match, so that no positions are known.
  mutating func scan() -> Bool {
    let text = glyphs.text
    let boxes = glyphs.boxes
    var byte = 0
    var index = 0
    var mixed = false
    while byte < text.count {
      let first = text[byte]
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      guard byte + length <= text.count else { return false }
      if length == 3, Bidi.isMark(first, text[byte + 1], text[byte + 2]) {
        // U+202B begins a right-to-left run. poppler puts nothing else between two such runs.
        if text[byte + 2] == 0xAB { finish() }
        mixed = true
        byte += length
        continue
      }
      if first == 0x0A {
        finish()
        mixed = false
        // The end of the last line has no rectangle.
        index += 1
        byte += 1
        continue
      }
      guard index < boxes.count else { return false }
      if first == 0x20 || first == 0x09 {
        spaceBefore = true
      } else {
        take(byte, length, rotation.upright(boxes[index]), index, mixed: mixed)
      }
      byte += length
      index += 1
    }
    finish()
    return index == boxes.count || index == boxes.count + 1
  }

  private mutating func take(_ byte: Int, _ length: Int, _ box: PageGlyphs.Box, _ index: Int, mixed: Bool) {
    let left = Float(box.left)
    let right = Float(box.right)
    let top = Float(box.top)
    let bottom = Float(box.bottom)
    if let current = open, !mixed {
      let distance = max(left - lastX.right, lastX.left - right)
      let height = max(bottom - top, current.height)
      if distance > height * (spaceBefore ? Self.wideSpace : Self.gap) { finish() }
    }
    let font = self.font(at: index)
    if open == nil {
      open = TextSegment(
        start: byte, end: byte + length, left: left, top: top, right: right, bottom: bottom, size: font.size,
        bold: font.bold, characters: 1, turned: false)
      sizes = (font.size, 1, font.bold)
      turnedSteps = 0
    } else {
      extend(byte + length, left, top, right, bottom, font)
    }
    lastX = (left, right)
    lastTop = top
    spaceBefore = false
  }

  private mutating func extend(
    _ end: Int, _ left: Float, _ top: Float, _ right: Float, _ bottom: Float, _ font: (size: Float, bold: Bool)
  ) {
    guard var current = open else { return }
    open = nil
    current.end = end
    if left < current.left { current.left = left }
    if right > current.right { current.right = right }
    // The tallest character decides, not a footnote mark above the line.
    if bottom - top > current.bottom - current.top {
      current.top = top
      current.bottom = bottom
    }
    current.characters += 1
    if !font.bold { current.bold = false }
    // This is a majority vote in one pass.
    if font.size == sizes.size { sizes.count += 1 } else { sizes.count -= 1 }
    if sizes.count < 0 { sizes = (font.size, 1, font.bold) }
    if left == lastX.left || abs(top - lastTop) > 2 * abs(left - lastX.left) { turnedSteps += 1 }
    open = current
  }

  private mutating func finish() {
    spaceBefore = false
    guard var segment = open else { return }
    segment.size = sizes.size
    segment.turned = segment.characters > 2 && turnedSteps * 2 > segment.characters
    segments.append(segment)
    open = nil
  }

  private mutating func font(at index: Int) -> (size: Float, bold: Bool) {
    while run < glyphs.fonts.count, glyphs.fonts[run].last < index { run += 1 }
    guard run < glyphs.fonts.count else { return (0, false) }
    return (glyphs.fonts[run].size, glyphs.fonts[run].bold)
  }
}
