private import CPoppler
private import Glibc

/// The clean bytes of a row: compatibility forms are composed (NFKC), direction marks, control characters and soft
/// hyphens are removed, and cells are separated by a tab.
struct RowText {
  private(set) var bytes: [UInt8] = []
  /// Whether the row ends with a hyphen that may be there only for the line break.
  private(set) var endsWithHyphen = false
  /// Whether the row ends with a soft hyphen, which is there only for the line break.
  private(set) var endsWithSoftHyphen = false

  mutating func compose(_ row: TextRow, _ segments: [TextSegment], _ text: UnsafeBufferPointer<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    var foreign = false
    var last: TextSegment?
    for index in row.segments {
      let segment = segments[index]
      if let last {
        let gap = max(segment.left - last.right, last.left - segment.right)
        bytes.append(gap > 0.8 * row.height ? 0x09 : 0x20)
      }
      last = segment
      foreign = append(text, segment.start, segment.end) || foreign
    }
    endsWithSoftHyphen = bytes.count >= 2 && bytes[bytes.count - 2] == 0xC2 && bytes[bytes.count - 1] == 0xAD
    if foreign { normalize() }
    endsWithHyphen = bytes.last == UInt8(ascii: "-") || Self.endsWithTypographicHyphen(bytes)
  }

  /// Cleans a text that is not a row in the same way.
  mutating func clean(_ text: String) -> [UInt8] {
    bytes = text.utf8.filter { $0 >= 0x20 }
    normalize()
    return bytes
  }

  /// Appends bytes and returns whether any is not plain ASCII.
  private mutating func append(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var high: UInt8 = 0
    var low: UInt8 = 0xFF
    for place in start..<end {
      high |= text[place]
      low = min(low, text[place])
    }
    if low >= 0x20 {
      bytes.append(contentsOf: text[start..<end])
    } else {
      for place in start..<end where text[place] >= 0x20 { bytes.append(text[place]) }
    }
    return high >= 0x80
  }

  private mutating func normalize() {
    if Self.needsComposing(bytes) { composeCompatibly() }
    guard Self.hasInvisible(bytes) else { return }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      let first = bytes[place]
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      guard place + length <= bytes.count else { break }
      if !Self.isInvisible(bytes, place, length) { out.append(contentsOf: bytes[place..<place + length]) }
      place += length
    }
    bytes = out
  }

  /// Returns whether the bytes need NFKC. Common Western text (Latin letters with accents, dashes, quotes, bullets, but
  /// not the ellipsis) is already in NFKC; only other text is passed to the library.
  private static func needsComposing(_ bytes: [UInt8]) -> Bool {
    var place = 0
    while place < bytes.count {
      let first = bytes[place]
      if first < 0x80 {
        place += 1
      } else if (0xC3...0xC8).contains(first), first != 0xC4, first != 0xC5, first != 0xC7 {
        place += 2
      } else if first == 0xE2, place + 2 < bytes.count, bytes[place + 1] == 0x80,
        [0x90, 0x93, 0x94, 0x98, 0x99, 0x9C, 0x9D, 0x9E, 0xA2].contains(bytes[place + 2])
      {
        place += 3
      } else {
        return true
      }
    }
    return false
  }

  private mutating func composeCompatibly() {
    let composed = bytes.withUnsafeBytes { buffer in
      g_utf8_normalize(
        buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, G_NORMALIZE_ALL_COMPOSE)
    }
    guard let composed else { return }
    defer { g_free(composed) }
    let result = UnsafeRawBufferPointer(start: composed, count: strlen(composed))
    bytes.removeAll(keepingCapacity: true)
    // A no-break space becomes a space here, and a line may begin or end with it.
    bytes.append(contentsOf: result)
  }

  private static func hasInvisible(_ bytes: [UInt8]) -> Bool {
    bytes.contains { $0 == 0xE2 || $0 == 0xEF || $0 == 0xC2 }
  }

  /// Returns whether the character is a soft hyphen, a C1 control, a zero-width space, a direction mark or the
  /// byte-order mark.
  private static func isInvisible(_ bytes: [UInt8], _ place: Int, _ length: Int) -> Bool {
    switch (length, bytes[place]) {
    case (2, 0xC2): bytes[place + 1] == 0xAD || bytes[place + 1] < 0xA0
    case (3, 0xE2):
      Bidi.isMark(bytes[place], bytes[place + 1], bytes[place + 2])
        || (bytes[place + 1] == 0x80 && bytes[place + 2] == 0x8B)
    case (3, 0xEF): bytes[place + 1] == 0xBB && bytes[place + 2] == 0xBF
    default: false
    }
  }

  /// Returns whether the text ends with U+2010.
  private static func endsWithTypographicHyphen(_ bytes: [UInt8]) -> Bool { bytes.suffix(3) == [0xE2, 0x80, 0x90] }
}
