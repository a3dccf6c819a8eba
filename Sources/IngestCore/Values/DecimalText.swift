/// Formatting of numbers for people, without a locale, so that output is the same everywhere.
package enum DecimalText {
  /// Returns at most three significant digits: `9.87`, `98.7`, `987`. Larger numbers are whole and grouped.
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

  /// Returns the number with grouped digits: `1,234,567`.
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

  /// Returns a number and its noun: `1 document`, `1,200 documents`. The plural is the noun with an s unless given.
  package static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }
}
