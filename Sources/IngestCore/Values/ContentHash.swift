/// The SHA-256 hash of some bytes, as 64 lower-case hexadecimal digits.
package struct ContentHash: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }

  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Bytes and their hash.
package struct Blob: Hashable, Sendable {
  package var hash: ContentHash
  package var bytes: [UInt8]

  /// The largest blob, in bytes, that is stored as a row in the transaction that needs it. A larger one is a file.
  package static let rowLimit = 64 * 1024

  package init(hash: ContentHash, bytes: [UInt8]) {
    self.hash = hash
    self.bytes = bytes
  }
}
