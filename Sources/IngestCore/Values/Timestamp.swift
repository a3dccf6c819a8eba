/// A time on the wall clock: microseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
  package var rawValue: Int64

  package init(rawValue: Int64) { self.rawValue = rawValue }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  /// Adds a duration. Saturates at the limits of the range, so that no delay that a user asks for can trap.
  package static func + (left: Self, right: Duration) -> Self {
    let offset = right.microseconds
    let (sum, overflow) = left.rawValue.addingReportingOverflow(offset)
    return .init(rawValue: overflow ? (offset < 0 ? .min : .max) : sum)
  }

  /// Returns the time between two timestamps, saturated in the same way.
  package static func - (left: Self, right: Self) -> Duration {
    let (difference, overflow) = left.rawValue.subtractingReportingOverflow(right.rawValue)
    return .microseconds(overflow ? (left < right ? .min : .max) : difference)
  }
}

extension Duration {
  /// Whole microseconds, rounded towards zero and saturated at the limits of `Int64`.
  package var microseconds: Int64 {
    let (seconds, fraction) = components
    let (product, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, overflow) = product.addingReportingOverflow(fraction / 1_000_000_000_000)
    return tooLong || overflow ? (seconds < 0 ? .min : .max) : sum
  }

  /// Whole milliseconds, rounded towards zero.
  package var milliseconds: Int64 { microseconds / 1000 }

  /// Seconds with a fraction, for people and ratios.
  package var seconds: Double { Double(microseconds) / 1_000_000 }
}

/// RFC 3339 text, in which every front door prints times.
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
