extension Character {
  /// The width on a terminal, in columns: 0 for combining marks alone, 2 for East Asian wide characters and emoji, else
  /// 1.
  package var columns: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if isASCII { return 1 }
    if unicodeScalars.contains(where: { $0 == "\u{FE0F}" }), first.properties.isEmoji { return 2 }
    // Two regional indicators make one flag.
    if (0x1F1E6...0x1F1FF).contains(first.value) { return 2 }
    return first.columns
  }
}

extension Unicode.Scalar {
  fileprivate var columns: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if properties.isEmojiPresentation { return 2 }
    return Self.wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// Unicode Standard Annex 11, East_Asian_Width W and F, as whole blocks.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
    0x20000...0x3FFFD,
  ]
}

extension String {
  /// The width on a terminal, in columns.
  package var columns: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.columns }
  }

  /// Returns the text cut to a width in columns, with an ellipsis where something is missing.
  package func shortened(to width: Int, ellipsis: String = "…") -> String {
    guard columns > width else { return self }
    let room = width - ellipsis.columns
    guard room >= 0 else { return String(repeating: ".", count: max(0, width)) }
    var text = ""
    var used = 0
    for character in self {
      used += character.columns
      if used > room { break }
      text.append(character)
    }
    return text + ellipsis
  }

  /// Returns the end of the text, cut to a width in columns. Paths differ more at the end than at the start.
  package func shortenedAtStart(to width: Int, ellipsis: String = "…") -> String {
    guard columns > width else { return self }
    let room = width - ellipsis.columns
    guard room >= 0 else { return String(repeating: ".", count: max(0, width)) }
    var kept: [Character] = []
    var used = 0
    for character in reversed() {
      used += character.columns
      if used > room { break }
      kept.append(character)
    }
    return ellipsis + String(kept.reversed())
  }

  package func padded(to width: Int, right: Bool = false) -> String {
    let gap = String(repeating: " ", count: max(0, width - columns))
    return right ? gap + self : self + gap
  }
}
