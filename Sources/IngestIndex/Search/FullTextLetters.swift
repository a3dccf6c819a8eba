/// What the full text takes for a letter of a word, and where it has to be helped.
///
/// FTS5's tables are those of Unicode 6.1: whatever is newer it takes for a letter, so that a word would grow together with the
/// emoji or the currency sign beside it and not be found any more. Signs get a space in their place; newer marks are letters to
/// queries, too.
enum FullTextLetters {
  /// Whether the full text has a space in its place: private use in the basic plane (symbol fonts put their signs there), and
  /// newer or unassigned characters that are neither letters nor numbers nor marks.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= firstNewer, !isLetter(scalar), !isMark(scalar) else { return false }
    return switch scalar.properties.generalCategory {
    case .privateUse, .unassigned: true
    default: isNewer(scalar)
    }
  }

  /// Whether a word may begin with it.
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

  /// Whether it may go on with it.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  /// The first character that is newer, but for marks and letters; what is unassigned below it goes on as a letter.
  private static let firstNewer: UInt32 = 0x058D

  private static func isNewer(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major > 6 || age.major == 6 && age.minor > 1
  }
}
