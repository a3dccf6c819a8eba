/// How much one transaction of a long piece of work may do: the writer belongs to whoever waits for it.
package struct SlicePace: Hashable, Sendable {
  /// Microseconds after which a body takes up nothing more.
  package static let body: Int64 = 3000
  /// Microseconds, commit included, past which the next slice is smaller.
  package static let whole: Int64 = 6000
  package static let bounds = 4...256

  /// Rows in the next slice, at most.
  package private(set) var rows = 16
  /// The longest slice so far, in microseconds from the begin of its body to the end of its commit.
  package private(set) var longest: Int64 = 0
  package private(set) var slices = 0

  package init() {}

  /// Learns from a slice: twice as much while it took less than half of its time, half as much when it took too long.
  package mutating func note(_ elapsed: Int64) {
    slices += 1
    longest = max(longest, elapsed)
    if elapsed > Self.whole {
      rows = max(Self.bounds.lowerBound, rows / 2)
    } else if elapsed < Self.whole / 2 {
      rows = min(Self.bounds.upperBound, rows * 2)
    }
  }
}
