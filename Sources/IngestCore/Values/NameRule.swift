/// The rule for names of sources and indexes: letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
package enum NameRule {
  package static let longestSource = 128
  package static let longestIndex = 64

  package static func isSound(_ name: String, longest: Int) -> Bool {
    guard (1...longest).contains(name.utf8.count), let first = name.utf8.first, isAlphanumeric(first) else {
      return false
    }
    return name.utf8.allSatisfy {
      isAlphanumeric($0) || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0)
    }
  }

  /// Checks a name.
  /// - Throws: `NAME_INVALID`.
  package static func check(_ name: String, of what: String, longest: Int) throws(Failure) {
    guard isSound(name, longest: longest) else {
      throw Failure(
        .permanent, code: "NAME_INVALID", "'\(name)' cannot be the name of \(what).",
        hint: "Use 1 to \(longest) letters, digits, '.', '_' or '-', beginning with a letter or digit.",
        category: .invalid)
    }
  }

  package static func checkSource(_ name: String) throws(Failure) {
    try check(name, of: "a source", longest: longestSource)
    if name == "system" {
      throw Failure(
        .permanent, code: "NAME_INVALID", "'system' is the source of ingestd's own jobs.",
        hint: "Choose another name.", category: .invalid)
    }
  }

  package static func checkIndex(_ name: String) throws(Failure) {
    try check(name, of: "an index", longest: longestIndex)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
