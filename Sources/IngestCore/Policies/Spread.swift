/// How jobs that waited for the same thing start again: one after another, not all together.
package struct Spread: Hashable, Sendable {
  /// Between one start and the next.
  package var interval: Duration
  /// However many they are, the last one starts before; then they stand closer.
  package var longest: Duration

  package init(interval: Duration = .milliseconds(50), longest: Duration = .seconds(300)) {
    self.interval = interval
    self.longest = longest
  }

  /// How long the job at `position` (from 0) of `total` waits. A position outside of them counts as the nearest one.
  package func delay(position: Int, of total: Int) -> Duration {
    guard total > 1 else { return .zero }
    let place = Int128(min(max(position, 0), total - 1))
    let even = place * Int128(max(0, longest.microseconds)) / Int128(total)
    return .microseconds(TokenGauge.saturated(min(place * Int128(max(0, interval.microseconds)), even)))
  }
}
