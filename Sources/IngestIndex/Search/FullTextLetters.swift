/// Rules for which characters the full text treats as letters of a word, and for the replacements that correct them.
///
/// The tables of FTS5 are those of Unicode 6.1. It treats every newer character as a letter, so a word beside a newer
/// emoji or currency sign would grow together with it and would not be found. A space therefore replaces each newer
/// sign. Newer marks count as letters in queries, too.
enum FullTextLetters {
  /// Returns whether the full text has a space in place of the character. That holds for private use in the basic
  /// plane, where symbol fonts put their signs, and for newer or unassigned characters that are neither letters nor
  /// numbers nor marks.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= firstNewer, !isLetter(scalar), !isMark(scalar) else { return false }
    return switch scalar.properties.generalCategory {
    case .privateUse, .unassigned: true
    default: isNewer(scalar)
    }
  }

  /// Returns whether a word may begin with the character.
  static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      true
    case .privateUse: !(0xE000...0xF8FF).contains(scalar.value)
    case .unassigned: scalar.value < firstNewer
    default: isMark(scalar) && isNewer(scalar)
    }
  }

  /// Returns whether a word may continue with the character.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  /// The first newer character other than marks and letters. Unassigned characters below it still count as letters.
  private static let firstNewer: UInt32 = 0x058D

  private static func isNewer(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major > 6 || age.major == 6 && age.minor > 1
  }
}
