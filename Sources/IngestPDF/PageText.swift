/// The text of a page while it is built row by row: paragraphs, joined words, headings.
struct PageText {
  private let outline: [PDFOutline.Entry]
  private let hasOutline: Bool
  private var bytes: [UInt8] = []
  private var headings: [Found] = []
  /// Indices of the outline entries that were found.
  private var placed: Set<Int> = []
  /// Starts of rows, with their distance from the top of the page. They place entries that only name a position.
  private var starts: [(byte: Int, top: Float)] = []
  /// Set if the previous row was a heading of this size. Another row of the same size continues it.
  private var openHeading: (level: Int, size: Float, region: Int)?
  private var openHyphen: (certain: Bool, byte: Int)?
  private var lastWasBold = false

  private struct Found {
    var byte: Int
    var level: Int
    var title: [UInt8]
  }

  init(outline: [PDFOutline.Entry], hasOutline: Bool) {
    self.outline = outline
    self.hasOutline = hasOutline
  }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count + count / 16) }

  mutating func add(
    _ row: TextRow, _ text: inout RowText, gap: LineSpacing.Gap, margin: Float, detector: HeadingDetector
  ) {
    var gap = gap
    let level = self.level(row, text.bytes, gap, margin, detector)
    let isContinued = level != nil && gap == .line && openHeading?.size == row.size && openHeading?.region == row.region
    if (level == nil) != (openHeading == nil) || (level != nil && !isContinued), gap == .line { gap = .paragraph }
    if gap == .column { gap = level == nil && continues(text.bytes) ? .line : .paragraph }

    let start = join(text.bytes, gap)
    if !outline.isEmpty { starts.append((start, row.top)) }
    if let level {
      if isContinued, !headings.isEmpty {
        headings[headings.count - 1].title += [0x20] + text.bytes
      } else {
        headings.append(Found(byte: start, level: level, title: text.bytes))
      }
      openHeading = (level, row.size, row.region)
    } else {
      openHeading = nil
    }
    match(text.bytes, at: start)
    lastWasBold = row.bold
    openHyphen = nil
    if level == nil, row.segments.count == 1 {
      if text.endsWithSoftHyphen {
        openHyphen = (true, bytes.count)
      } else if text.endsWithHyphen {
        openHyphen = (false, bytes.count)
      }
    }
  }

  /// Adds a separate paragraph at the end.
  mutating func add(line: [UInt8]) {
    guard !line.isEmpty else { return }
    _ = join(line, .paragraph)
  }

  /// Returns the level by print, unless the document has an outline.
  private func level(
    _ row: TextRow, _ text: [UInt8], _ gap: LineSpacing.Gap, _ margin: Float, _ detector: HeadingDetector
  ) -> Int? {
    guard !hasOutline, outline.isEmpty else { return nil }
    let apart = gap != .line || !lastWasBold
    return detector.level(of: row, text: text, apart: apart, margin: margin)
  }

  /// Returns whether a new column's first row continues the sentence before it.
  private func continues(_ text: [UInt8]) -> Bool {
    guard let first = text.first, let last = bytes.last else { return false }
    let endsSentence = [0x2E, 0x21, 0x3F, 0x3A].contains(last)
    return !endsSentence && ((0x61...0x7A).contains(first) || openHyphen != nil)
  }

  /// Appends the row. If the line break split a word, the word is joined and the line ends after it.
  /// - Returns: where the row begins.
  private mutating func join(_ text: [UInt8], _ gap: LineSpacing.Gap) -> Int {
    defer { openHyphen = nil }
    if gap == .line, let hyphen = openHyphen, let first = text.first, mends(hyphen.certain, first) {
      if !hyphen.certain { bytes.removeLast(bytes.last == UInt8(ascii: "-") ? 1 : 3) }
      let word = text.firstIndex(of: 0x20) ?? text.count
      bytes.append(contentsOf: text[..<word])
      guard word < text.count else { return bytes.count }
      bytes.append(0x0A)
      let start = bytes.count
      bytes.append(contentsOf: text[(word + 1)...])
      return start
    }
    switch gap {
    case .page: break
    case .line: if !bytes.isEmpty { bytes.append(0x0A) }
    case .column, .paragraph: if !bytes.isEmpty { bytes.append(contentsOf: [0x0A, 0x0A]) }
    }
    let start = bytes.count
    bytes.append(contentsOf: text)
    return start
  }

  /// Returns whether a hyphen is only there for the line break. That is so between two small letters; "Anglo-Saxon" and
  /// "10-20" keep theirs.
  private func mends(_ certain: Bool, _ next: UInt8) -> Bool {
    if certain { return true }
    guard (0x61...0x7A).contains(next) || next == 0xC3 else { return false }
    let hyphen = bytes.last == UInt8(ascii: "-") ? 1 : 3
    guard bytes.count > hyphen + 1 else { return false }
    let before = bytes[bytes.count - hyphen - 1]
    return (0x61...0x7A).contains(before) || before >= 0x80
  }

  /// Checks whether the row is an entry of the outline.
  private mutating func match(_ text: [UInt8], at start: Int) {
    guard !outline.isEmpty, text.count <= 300 else { return }
    let key = OutlineKey.fold(text)
    guard key.count >= 2 else { return }
    for (place, entry) in outline.enumerated() where !placed.contains(place) {
      let whole = key == entry.key
      // The printed title has a number in front, or this is the first of its two lines.
      let numbered = key.count > entry.key.count && key.count <= entry.key.count + 8 && key.ends(with: entry.key)
      let begun = key.count >= 12 && entry.key.starts(with: key)
      let printedShorter = entry.key.count <= key.count + 8 && key.count >= 4 && entry.key.ends(with: key)
      guard whole || numbered || begun || printedShorter else { continue }
      placed.insert(place)
      headings.append(Found(byte: start, level: entry.level, title: Array(entry.title.utf8)))
      return
    }
  }

  /// Places each entry that matched no row at the position that it names.
  private mutating func placeRest() {
    for (place, entry) in outline.enumerated() where !placed.contains(place) {
      let top = Float(entry.top ?? 0) - 4
      let start = starts.first { $0.top >= top }?.byte ?? 0
      headings.append(Found(byte: start, level: entry.level, title: Array(entry.title.utf8)))
    }
  }

  mutating func finish() -> PDFPageText {
    placeRest()
    var found: [PDFHeading] = []
    var byte = 0
    var scalars = 0
    for heading in headings.enumerated().sorted(by: { ($0.element.byte, $0.offset) < ($1.element.byte, $1.offset) }) {
      while byte < min(heading.element.byte, bytes.count) {
        if bytes[byte] & 0xC0 != 0x80 { scalars += 1 }
        byte += 1
      }
      found.append(
        PDFHeading(
          offset: scalars, level: heading.element.level,
          title: String(decoding: heading.element.title.map { $0 == 0x09 ? 0x20 : $0 }, as: UTF8.self)))
    }
    return PDFPageText(text: String(decoding: bytes, as: UTF8.self), headings: found)
  }
}

extension [UInt8] {
  fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}
