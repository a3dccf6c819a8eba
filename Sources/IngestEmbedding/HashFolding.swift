/// The character folding of `hash/1`. It never changes, and so does not depend on any Unicode version.
///
/// It folds the case of Latin, Greek, Cyrillic, Armenian and full-width letters and keeps diacritics. A character that
/// is not listed as punctuation, space or symbol is part of a word.
enum HashFolding {
  /// The value of characters that end a word.
  static let separator: UInt32 = 0
  /// The value of characters that are skipped: soft hyphens, joiners, byte order marks.
  static let ignored: UInt32 = 1

  /// The lower-case letter or digit for each ASCII character, ``separator`` for all others.
  static let ascii: [UInt32] = (0..<128).map { byte in
    switch byte {
    case 48...57, 97...122: UInt32(byte)
    case 65...90: UInt32(byte) + 32
    default: separator
    }
  }

  /// Returns the folded scalar, ``separator`` or ``ignored``, for scalars from U+0080 on.
  static func fold(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0xAD, 0x200B...0x200D, 0x2060, 0xFEFF: ignored
    case 0xAA, 0xB5, 0xBA: scalar
    case 0x80...0xBF, 0xD7, 0xF7: separator
    case 0xC0...0xDE: scalar + 32
    case 0x130: 0x69
    case 0x178: 0xFF
    case 0x100...0x137, 0x14A...0x177: scalar | 1
    case 0x139...0x148, 0x179...0x17E: scalar + (scalar & 1)
    case 0x386: 0x3AC
    case 0x388...0x38A: scalar + 37
    case 0x38C: 0x3CC
    case 0x38E, 0x38F: scalar + 63
    case 0x391...0x3AB: scalar + 32
    // The sigma at the end of a word is the same letter.
    case 0x3C2: 0x3C3
    case 0x400...0x40F: scalar + 80
    case 0x410...0x42F: scalar + 32
    case 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
    case 0x531...0x556: scalar + 48
    case 0x1E00...0x1E95, 0x1EA0...0x1EFF: scalar | 1
    case 0x2000...0x206F, 0x20A0...0x20CF, 0x2190...0x2BFF, 0x3000...0x3004, 0x3008...0x3020, 0x3030, 0x30FB: separator
    case 0xFE10...0xFE6F, 0xFF00...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65, 0xFFFC, 0xFFFD: separator
    case 0xFF21...0xFF3A: scalar + 32
    case 0x1F000...0x1FAFF: separator
    default: scalar
    }
  }

  /// Returns whether the scalar belongs to a script without spaces between words: kana and Han.
  static func standsAlone(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
    default: false
    }
  }
}
