/// The urgency of a job, −100 to 100; 0 by default.
package struct Priority: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: Int

  package static let normal = Priority(clamping: 0)
  package static let range = -100...100
  /// The time in the queue that one point is worth. By waiting, any job overtakes any other within 200 min.
  package static let step: Duration = .seconds(60)

  package init?(rawValue: Int) {
    guard Self.range.contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  package init(clamping value: Int) { rawValue = min(max(value, Self.range.lowerBound), Self.range.upperBound) }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Returns a job's position in its lane, smallest first. The job ages without an update, because newer jobs get a
  /// larger rank.
  package func rank(queuedAt: Timestamp) -> Int64 {
    let (rank, overflow) = queuedAt.rawValue.subtractingReportingOverflow(Int64(rawValue) * Self.step.microseconds)
    return overflow ? (rawValue > 0 ? .min : .max) : rank
  }
}
