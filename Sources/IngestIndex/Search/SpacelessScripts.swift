/// Scripts that write words without spaces between them, which a tokenizer that splits on spaces cannot search.
///
/// Their text is indexed character by character, and queries search for pairs of neighbouring characters, as the
/// bigrams of Lucene's `CJKAnalyzer` do. No dictionary is needed.
package enum SpacelessScripts {
  package static func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x0E00: false
    case 0x0E00...0x0EFF,  // Thai, Lao
      0x1000...0x109F,  // Myanmar
      0x1780...0x17FF,  // Khmer
      0x3005...0x3007, 0x3040...0x312F,  // ideographic marks, Hiragana, Katakana, Bopomofo
      0x31A0...0x31BF, 0x31F0...0x31FF,  // their extensions
      0x3400...0x4DBF, 0x4E00...0x9FFF,  // Han
      0xAC00...0xD7A3,  // Hangul: spaced, but with particles that only bigrams see past
      0xF900...0xFAFF,  // Han, compatibility forms
      0xFF66...0xFF9F,  // half-width Katakana
      0x2_0000...0x3_23AF:  // Han, rare
      true
    default: false
    }
  }

  /// Returns the text with a space around every character of these scripts, and a space in place of every sign that the
  /// full text would treat as a letter. Other texts are returned unchanged.
  package static func separated(_ text: String) -> String {
    var text = text
    // In UTF-8 all of these characters start with a lead byte of at least 0xD6. In most texts the only such bytes are
    // those of quotes and dashes, which start with 0xE2 0x80.
    let candidate = text.withUTF8 { bytes in
      bytes.indices.contains { bytes[$0] >= 0xD6 && !(bytes[$0] == 0xE2 && bytes[$0 + 1] == 0x80) }
    }
    guard candidate, text.unicodeScalars.contains(where: { contains($0) || FullTextLetters.isSpace($0) }) else {
      return text
    }
    var result = String.UnicodeScalarView()
    result.reserveCapacity(text.utf8.count * 2)
    var wasInside = false
    for scalar in text.unicodeScalars {
      let inside = contains(scalar)
      if inside || wasInside { result.append(" ") }
      result.append(!inside && FullTextLetters.isSpace(scalar) ? " " : scalar)
      wasInside = inside
    }
    return String(result)
  }
}
