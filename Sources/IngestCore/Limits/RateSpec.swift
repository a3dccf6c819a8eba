/// A rate: `limit` starts per `period`, and `burst` more together after a rest.
///
/// No half-open period has more than `limit + burst` starts; with burst 0 they are evenly spaced.
package struct RateSpec: Hashable, Sendable {
  /// Starts per period; 1 to a billion.
  package let limit: Int
  /// One millisecond to 366 days.
  package let period: Duration
  /// How many may start at once in addition to the first; 0 to a billion, and refilled within ten years.
  package let burst: Int

  package static let limits = 1...1_000_000_000
  package static let periods: ClosedRange<Duration> = .milliseconds(1) ... .seconds(366 * 86_400)
  private static let longestRefill: Int128 = 3_660 * 86_400 * 1_000_000

  /// Checks the bounds.
  /// - Throws: ``PolicyError/correctLimit(_:problem:)`` for a value out of bounds.
  package init(limit: Int, period: Duration, burst: Int = 0) throws(PolicyError) {
    let text = Self.text(limit: limit, period: period, burst: burst)
    func refuse(_ problem: String) -> PolicyError { .correctLimit(text, problem: problem) }
    guard limit > 0 else { throw refuse("nothing could ever start; to stop a source, pause it") }
    guard Self.limits.contains(limit) else { throw refuse("it may be at most \(Self.limits.upperBound) per period") }
    guard period > .zero else { throw refuse("the period must be longer than 0s") }
    guard Self.periods.contains(period) else { throw refuse("the period must be from 1ms to 366d") }
    guard burst >= 0 else { throw refuse("the burst is negative") }
    guard burst <= Self.limits.upperBound,
      Int128(burst) * Int128(period.microseconds) <= Self.longestRefill * Int128(limit)
    else { throw refuse("the burst would take more than ten years to be refilled") }
    self.limit = limit
    self.period = period
    self.burst = burst
  }

  /// Parses `60/m`, `1/4h`, `10 per 30s`, each optionally followed by ` burst N`.
  /// - Throws: ``PolicyError/correctLimit(_:problem:)``.
  package init(_ text: String) throws(PolicyError) {
    func refuse(_ problem: String) -> PolicyError { .correctLimit(text, problem: problem) }
    var words = text.split(separator: " ")[...]
    var burst = 0
    if words.count >= 2, words[words.endIndex - 2] == "burst" {
      guard let number = words.last.flatMap({ Self.whole($0) }) else { throw refuse("the burst is not a whole number") }
      burst = number
      words = words.dropLast(2)
    }
    let rate = words.joined(separator: " ")
    let parts =
      if let slash = rate.firstIndex(of: "/") {
        [rate[..<slash], rate[rate.index(after: slash)...]]
      } else if words.count == 3, words[words.startIndex + 1] == "per" {
        [words[words.startIndex], words[words.startIndex + 2]]
      } else {
        [Substring]()
      }
    guard let count = parts.first, let span = parts.last, parts.count == 2 else {
      throw refuse("it is not a number per period")
    }
    guard let limit = Self.whole(Self.trimmed(count)) else { throw refuse("the limit is not a whole number") }
    guard let period = Self.period(Self.trimmed(span)) else { throw refuse("the period is not a duration such as 30s") }
    do { try self.init(limit: limit, period: period, burst: burst) } catch {
      guard case .correctLimit(_, let problem) = error else { throw error }
      throw refuse(problem)
    }
  }

  /// Parses a minus sign too, so that a negative number is reported as negative.
  private static func whole(_ text: Substring) -> Int? { text.first == "+" ? nil : Int(text) }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }

  private static func period(_ text: Substring) -> Duration? {
    guard let first = text.utf8.first else { return nil }
    let digit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    let names = ["second": "s", "minute": "m", "hour": "h", "day": "d"]
    let unit = names[String(text)] ?? String(text)
    return Duration(compact: digit ? unit : "1" + unit)
  }

  private static func text(limit: Int, period: Duration, burst: Int) -> String {
    var span = period.compact
    if ["1d", "1h", "1m", "1s", "1ms"].contains(span) { span.removeFirst() }
    return "\(limit)/\(span)" + (burst == 0 ? "" : " burst \(burst)")
  }
}

/// The form that ``RateSpec/init(_:)`` parses.
extension RateSpec: CustomStringConvertible, Codable {
  package var description: String { Self.text(limit: limit, period: period, burst: burst) }

  package init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension RateSpec {
  /// Returns how long after the first the job at `position` (from 0) starts, when jobs start as fast as the rate
  /// allows: burst + 1 at once, then evenly. Rounded up, so that no half-open period has more than limit + burst of
  /// them.
  package func delay(position: Int) -> Duration {
    let late = Int128(max(0, position - burst))
    let wait = (late * Int128(period.microseconds) + Int128(limit) - 1) / Int128(limit)
    return .microseconds(TokenGauge.saturated(wait))
  }
}
