extension ByteSize {
  private static let textUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

  /// Returns a size for people: `0 B`, `1.5 KiB`, `312 MiB`. At most three significant digits.
  package static func text(_ bytes: Int) -> String {
    var value = Double(max(0, bytes))
    var unit = 0
    while value >= 1023.5, unit < textUnits.count - 1 {
      value /= 1024
      unit += 1
    }
    return "\(unit == 0 ? String(max(0, bytes)) : DecimalText.short(value)) \(textUnits[unit])"
  }

  /// Parses a size. K, M, G, T (or KiB …) are powers of 1024; KB, MB, GB, TB are powers of 1000. Nil when the text is
  /// not a size.
  package static func parse(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let value = Double(digits), value >= 0 else { return nil }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    let factor: Double
    switch unit {
    case "", "b": factor = 1
    case "k", "kib": factor = 1024
    case "m", "mib": factor = 1_048_576
    case "g", "gib": factor = 1_073_741_824
    case "t", "tib": factor = 1_099_511_627_776
    case "kb": factor = 1e3
    case "mb": factor = 1e6
    case "gb": factor = 1e9
    case "tb": factor = 1e12
    default: return nil
    }
    return Int(exactly: (value * factor).rounded())
  }
}
