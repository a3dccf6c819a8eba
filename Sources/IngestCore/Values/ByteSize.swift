/// A number of bytes, as people write it.
package struct ByteSize: Hashable, Comparable, Sendable {
  package var bytes: Int

  package init(bytes: Int) { self.bytes = bytes }

  package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

  private static let units: [(name: String, bytes: Int)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
  ]
}

extension ByteSize: CustomStringConvertible {
  /// Reads `512MiB` (1024-based), `10MB` (1000-based), `4096B` and a plain number of bytes; case counts for nothing.
  /// Nil for anything else, fractions and negative numbers included, and past 64 bits.
  package init?(_ text: String) {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let number = Int(Substring(digits)) else { return nil }
    var name = Substring(text.utf8.dropFirst(digits.count))
    if name.first == " " { name = name.dropFirst() }
    let unit = name.isEmpty ? 1 : Self.units.first { $0.name.lowercased() == name.lowercased() }?.bytes
    guard let unit else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    bytes = product
  }

  /// In the largest unit that divides it, so that ``init(_:)`` reads back the same number.
  package var description: String {
    guard bytes > 0, let unit = Self.units.first(where: { bytes % $0.bytes == 0 }) else { return "\(bytes)B" }
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}
