/// One step of a schema: a file in `migrations/`.
package struct Migration: Hashable, Sendable {
  /// The leading digits of the name (`0001_initial.sql` is 1).
  package let number: Int
  /// The file's name without its extension.
  package let name: String
  package let text: String
  /// The FNV-1a hash of the text, which reveals an edited migration. It guards against mistakes, not against attacks.
  let checksum: Int64

  /// Returns nil if `name` does not begin with a number.
  package init?(name: String, text: String) {
    guard let number = Int(name.prefix { $0.isASCII && $0.isNumber }) else { return nil }
    self.number = number
    self.name = name.hasSuffix(".sql") ? String(name.dropLast(4)) : name
    self.text = text
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    checksum = Int64(bitPattern: hash)
  }
}

/// A migration and whether a file has it.
package struct MigrationStatus: Hashable, Sendable {
  package var number: Int
  package var name: String
  /// Microseconds since 1970; nil while it is pending.
  package var appliedAt: Int64?
}
