/// The size of one transaction within a long piece of work. Other processes wait for the database's single writer, so
/// each transaction must be short.
package struct SlicePace: Hashable, Sendable {
  /// The time in microseconds after which a slice starts no further row.
  package static let body: Int64 = 3000
  /// The time in microseconds, including the commit, above which the next slice is smaller.
  package static let whole: Int64 = 6000
  package static let bounds = 4...256

  /// The largest number of rows in the next slice.
  package private(set) var rows = 16
  /// The longest slice so far, in microseconds from the beginning of its body to the end of its commit.
  package private(set) var longest: Int64 = 0
  package private(set) var slices = 0

  package init() {}

  /// Adjusts the size to the duration of a slice in microseconds: doubles it if the slice took less than half of its
  /// time, halves it if it took too long.
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
