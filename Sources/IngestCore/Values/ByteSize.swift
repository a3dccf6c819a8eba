/// A number of bytes that people can read and write.
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
  /// Parses `512MiB` (powers of 1024), `10MB` (powers of 1000), `4096B` and a plain number of bytes; case does not
  /// matter. Nil for anything else, including fractions, negative numbers and sizes past 64 bits.
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

  /// The size in the largest unit that divides it, so that ``init(_:)`` parses it back to the same number.
  package var description: String {
    guard bytes > 0, let unit = Self.units.first(where: { bytes % $0.bytes == 0 }) else { return "\(bytes)B" }
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}
