/// The rule by which jobs that waited for the same event start again: one after another, not all together.
package struct Spread: Hashable, Sendable {
  /// The time between one start and the next.
  package var interval: Duration
  /// The last job starts before this time, regardless of how many there are: with many jobs the interval is shorter.
  package var longest: Duration

  package init(interval: Duration = .milliseconds(50), longest: Duration = .seconds(300)) {
    self.interval = interval
    self.longest = longest
  }

  /// Returns how long the job at `position` (from 0) of `total` waits. A position out of range counts as the nearest
  /// one in range.
  package func delay(position: Int, of total: Int) -> Duration {
    guard total > 1 else { return .zero }
    let place = Int128(min(max(position, 0), total - 1))
    let even = place * Int128(max(0, longest.microseconds)) / Int128(total)
    return .microseconds(TokenGauge.saturated(min(place * Int128(max(0, interval.microseconds)), even)))
  }
}
