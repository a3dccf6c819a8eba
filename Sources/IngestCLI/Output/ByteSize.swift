/// Byte counts for people and from people.
package enum ByteSize {
  private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

  /// `0 B`, `1.5 KiB`, `312 MiB`: three figures at most.
  package static func text(_ bytes: Int) -> String {
    var value = Double(max(0, bytes))
    var unit = 0
    while value >= 1023.5, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return "\(unit == 0 ? String(max(0, bytes)) : DecimalText.short(value)) \(units[unit])"
  }

  /// K, M, G, T (or KiB …) are powers of 1024; KB, MB, GB, TB powers of 1000; nil when it is no size.
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

/// Numbers for people, without a locale, so that output is the same everywhere.
package enum DecimalText {
  /// Three figures: `9.87`, `98.7`, `987`; larger ones whole and grouped.
  package static func short(_ value: Double) -> String {
    if value >= 99.95 { return grouped(Int(min(value.rounded(), 9e18))) }
    let places = value >= 9.995 ? 1 : 2
    let scale = places == 1 ? 10 : 100
    let scaled = Int((value * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let padded = String(repeating: "0", count: places - fraction.count) + fraction
    let trimmed = padded.reversed().drop { $0 == "0" }.reversed()
    return trimmed.isEmpty ? String(scaled / scale) : "\(scaled / scale).\(String(trimmed))"
  }

  /// `1,234,567`.
  package static func grouped(_ value: Int) -> String {
    var groups: [String] = []
    var rest = String(value.magnitude)[...]
    while rest.count > 3 {
      groups.insert(String(rest.suffix(3)), at: 0)
      rest = rest.dropLast(3)
    }
    groups.insert(String(rest), at: 0)
    return (value < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// `1 document`, `1,200 documents`: the plural is the noun with an s unless given.
  package static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }
}
