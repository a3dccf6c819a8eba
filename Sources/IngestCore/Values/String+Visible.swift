extension String {
  /// The same text in which escapes (`\n`, `\x1b`, `\u{202e}`) replace everything that could move the cursor, recolour
  /// the terminal or reorder the line.
  package var visible: String {
    guard unicodeScalars.contains(where: \.isHostile) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case _ where !scalar.isHostile: text.unicodeScalars.append(scalar)
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x10: text += "\\x0" + String(scalar.value, radix: 16)
      case _ where scalar.value < 0x100: text += "\\x" + String(scalar.value, radix: 16)
      default: text += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  fileprivate var isHostile: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C, 0xFEFF: true
    default: false
    }
  }
}
