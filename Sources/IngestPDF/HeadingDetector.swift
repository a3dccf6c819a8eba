/// A detector that recognises headings by their print, compared with the most common size in the document so far.
struct HeadingDetector {
  /// Maximum number of characters of a heading.
  static let length = 120

  /// Number of characters so far, by size in half points.
  private var sizes: [Int] = Array(repeating: 0, count: 400)
  private var body: Float = 0

  /// Counts the sizes of a page. Call it before asking for the page's headings.
  mutating func learn(_ rows: [TextRow]) {
    for row in rows where row.size.isFinite {
      sizes[Int(min(Float(sizes.count - 1), max(0, row.size * 2 + 0.5)))] += row.characters
    }
    var best = 0
    for size in sizes.indices where sizes[size] > sizes[best] { best = size }
    body = Float(best) / 2
  }

  /// Returns the level of a row that looks like a heading: 1 to 3 by size, from 4 on by weight and numbering; nil if it
  /// does not.
  /// - Parameters:
  ///   - apart: whether space or another column separates the row from the previous one.
  ///   - margin: where the lines of its region begin.
  func level(of row: TextRow, text: [UInt8], apart: Bool, margin: Float) -> Int? {
    guard body > 0, row.characters <= Self.length, row.segments.count <= 2, !row.turned else { return nil }
    guard let first = text.first, text.contains(where: Self.isLetter) else { return nil }
    let ratio = row.size / body
    if ratio >= 1.12 {
      // A large initial or a price is not a heading.
      guard row.characters >= 3 else { return nil }
      return ratio >= 1.65 ? 1 : ratio >= 1.35 ? 2 : 3
    }
    guard row.bold, ratio >= 0.95, apart, row.characters <= 80, row.left <= margin + row.height else { return nil }
    guard Self.isUpper(first) || (0x30...0x39).contains(first), let last = text.last else { return nil }
    guard ![0x2C, 0x2E, 0x3A, 0x3B].contains(last) || (0x30...0x39).contains(first) else { return nil }
    return min(6, 3 + max(1, Self.numbering(text)))
  }

  /// Returns how many numbers begin the text: 2 for "1.1. Pumps".
  private static func numbering(_ text: [UInt8]) -> Int {
    var depth = 0
    var inNumber = false
    for byte in text {
      if (0x30...0x39).contains(byte) {
        if !inNumber { depth += 1 }
        inNumber = true
      } else if byte == 0x2E {
        inNumber = false
      } else {
        break
      }
    }
    return depth
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x41...0x5A).contains(byte & 0xDF)
  }

  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || byte >= 0xC3 }
}
