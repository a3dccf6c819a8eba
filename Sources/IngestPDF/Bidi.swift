/// Invisible marks that control the direction of text. poppler adds them, without rectangles.
enum Bidi {
  /// Returns whether the UTF-8 bytes are one of U+200E, U+200F, U+202A to U+202E, and U+2066 to U+2069.
  static func isMark(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    guard first == 0xE2 else { return false }
    if second == 0x80 { return third == 0x8E || third == 0x8F || (0xAA...0xAE).contains(third) }
    return second == 0x81 && (0xA6...0xA9).contains(third)
  }
}
