/// A moment by the wall clock: microseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
  package var rawValue: Int64

  package init(rawValue: Int64) { self.rawValue = rawValue }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  package static func + (left: Self, right: Duration) -> Self { .init(rawValue: left.rawValue + right.microseconds) }
  package static func - (left: Self, right: Self) -> Duration { .microseconds(left.rawValue - right.rawValue) }
}

extension Duration {
  /// Whole microseconds, rounded towards zero; saturates at the ends of `Int64`.
  package var microseconds: Int64 {
    let (seconds, fraction) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product + fraction / 1_000_000_000_000
  }

  /// Whole milliseconds, rounded towards zero.
  package var milliseconds: Int64 { microseconds / 1000 }

  /// Seconds as a fraction, for people and ratios.
  package var seconds: Double { Double(microseconds) / 1_000_000 }
}

/// As RFC 3339 text, the form in which every front door tells times.
extension Timestamp: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let time = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not an RFC 3339 time")
    }
    self = time
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
