/// The quality of a place to cut, best last.
enum Boundary: UInt8, Comparable {
  /// A place within a word.
  case scalar
  case word
  case line
  case sentence
  case paragraph

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The smallest unit that is never cut: a word with its punctuation, or a part of a very long word.
struct Atom {
  var startByte: Int
  var endByte: Int
  var startScalar: Int
  var endScalar: Int
  var section: Int
  var tokens: Int
  /// The boundary after the atom.
  var boundary: Boundary
}
