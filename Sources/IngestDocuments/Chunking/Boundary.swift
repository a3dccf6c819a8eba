/// How good a place is to cut, best last.
enum Boundary: UInt8, Comparable {
  /// Within a word.
  case scalar
  case word
  case line
  case sentence
  case paragraph

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The smallest stretch that is never cut: a word with its punctuation, or a part of a very long one.
struct Atom {
  var startByte: Int
  var endByte: Int
  var startScalar: Int
  var endScalar: Int
  var section: Int
  var tokens: Int
  /// What stands after it.
  var boundary: Boundary
}
