/// The class of a character, for counting word pieces.
enum ScalarClass: UInt8 {
  case space
  case newline
  /// Latin letters, with or without marks.
  case letter
  case digit
  case punctuation
  /// Other alphabets and syllabaries with spaces: half a piece per character.
  case otherLetter
  /// Scripts without spaces: one piece per character.
  case ideograph
  /// Full stops of such scripts.
  case ideographStop
  /// Marks that belong to the character before them.
  case mark
  case symbol

  static let ascii: [ScalarClass] = (0..<128).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "\n"): .newline
    case 0...0x20, 0x7F: .space
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    default: .punctuation
    }
  }

  init(beyondASCII scalar: UInt32) {
    switch scalar {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: self = .space
    case 0xAA, 0xB5, 0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2AF, 0x1E00...0x1EFF: self = .letter
    case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x200C...0x200F, 0x20D0...0x20FF, 0xFE00...0xFE0F,
      0xFE20...0xFE2F, 0x1F3FB...0x1F3FF, 0xE0100...0xE01EF:
      self = .mark
    case 0x80...0xBF, 0xD7, 0xF7, 0x2010...0x206F: self = .punctuation
    case 0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61: self = .ideographStop
    case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x2E80...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7FF,
      0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFFEF, 0x1B000...0x1B16F, 0x20000...0x3FFFF:
      self = .ideograph
    case 0x2070...0x2BFF, 0xE000...0xF8FF, 0x1F000...0x1FAFF: self = .symbol
    default: self = .otherLetter
    }
  }
}
