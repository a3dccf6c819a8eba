/// One step of a schema, as its file in `migrations/` has it.
package struct Migration: Hashable, Sendable {
  /// From the name's leading digits (`0001_initial.sql` is 1).
  package let number: Int
  /// The file's name without its extension.
  package let name: String
  package let text: String

  /// - Returns: nil when `name` does not begin with a number.
  package init?(name: String, text: String) {
    guard let number = Int(name.prefix { $0.isASCII && $0.isNumber }) else { return nil }
    self.number = number
    self.name = name.hasSuffix(".sql") ? String(name.dropLast(4)) : name
    self.text = text
  }

  /// FNV-1a of the text, to notice an edited migration; it guards against mistakes, not against people.
  var checksum: Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return Int64(bitPattern: hash)
  }
}

/// A migration and whether a file has it.
package struct MigrationStatus: Hashable, Sendable {
  package var number: Int
  package var name: String
  /// Microseconds since 1970; nil while it is pending.
  package var appliedAt: Int64?
}
