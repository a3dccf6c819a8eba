/// Marks that steer the direction of text and show nothing: poppler adds them, without rectangles.
enum Bidi {
  /// U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069 as UTF-8.
  static func isMark(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    guard first == 0xE2 else { return false }
    if second == 0x80 { return third == 0x8E || third == 0x8F || (0xAA...0xAE).contains(third) }
    return second == 0x81 && (0xA6...0xA9).contains(third)
  }
}
