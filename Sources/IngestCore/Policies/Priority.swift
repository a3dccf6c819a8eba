/// How urgent a job is, −100 to 100; 0 by default.
package struct Priority: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: Int

  package static let normal = Priority(clamping: 0)
  package static let range = -100...100
  /// The queue time that one point is worth: by waiting, any job overtakes any other within 200 min.
  package static let step: Duration = .seconds(60)

  package init?(rawValue: Int) {
    guard Self.range.contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  package init(clamping value: Int) { rawValue = min(max(value, Self.range.lowerBound), Self.range.upperBound) }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Where a job stands in its lane, smallest first. It ages without being touched, since time moves past it.
  package func rank(queuedAt: Timestamp) -> Int64 {
    let (rank, overflow) = queuedAt.rawValue.subtractingReportingOverflow(Int64(rawValue) * Self.step.microseconds)
    return overflow ? (rawValue > 0 ? .min : .max) : rank
  }
}
