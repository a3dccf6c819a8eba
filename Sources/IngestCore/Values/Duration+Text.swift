extension Duration {
  private static let units: [(name: String, microseconds: Int64)] = [
    ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1),
  ]

  /// Parses `500ms`, `10s`, `5m`, `1h30m`, `7d`: whole numbers with a unit each, larger units first, each unit at most
  /// once. Nil for anything else, including negative numbers, numbers without a unit, and durations past 64-bit
  /// microseconds.
  package init?(compact text: String) {
    var rest = text.utf8[...]
    var total: Int64 = 0
    var smallest = Int64.max
    repeat {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
      rest = rest.dropFirst(letters.count)
      guard let number = Int64(Substring(digits)),
        let unit = Self.units.first(where: { $0.name.utf8.elementsEqual(letters) }), unit.microseconds < smallest
      else { return nil }
      smallest = unit.microseconds
      let (product, tooLong) = number.multipliedReportingOverflow(by: unit.microseconds)
      let (sum, overflow) = total.addingReportingOverflow(product)
      if tooLong || overflow { return nil }
      total = sum
    } while !rest.isEmpty
    self = .microseconds(total)
  }

  /// The form that ``init(compact:)`` parses: `1h30m`, `500ms`, `0s`. Fractions of a microsecond are dropped; a
  /// negative duration begins with `-`.
  package var compact: String {
    var rest = microseconds.magnitude
    guard rest > 0 else { return "0s" }
    var text = microseconds < 0 ? "-" : ""
    for (name, unit) in Self.units where rest >= unit.magnitude {
      text += "\(rest / unit.magnitude)\(name)"
      rest %= unit.magnitude
    }
    return text
  }
}
