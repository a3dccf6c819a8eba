/// The times at which a schedule ticks.
package enum ScheduleTiming: Hashable, Sendable {
  case cron(CronExpression)
  /// One interval after `from`, two, and so on, regardless of changes of the wall clock; one second to 366 days.
  case every(Duration, from: Timestamp)
  case once(Timestamp)

  /// Parses a cron expression, `every 90s` (or `@every 90s`), or for one run a time such as `2026-11-20T09:30:00Z`, to
  /// the millisecond.
  /// - Parameter start: when intervals begin, usually the schedule's creation.
  /// - Throws: ``PolicyError/correctSchedule(_:problem:)``.
  package init(_ text: String, from start: Timestamp) throws(PolicyError) {
    let words = text.split(separator: " ")
    if let first = words.first, first == "every" || first == "@every" {
      guard words.count == 2, let interval = Duration(compact: String(words[1])) else {
        throw .correctSchedule(text, problem: "its interval is not a duration such as 90s")
      }
      guard interval >= .seconds(1), interval <= .seconds(366 * 86_400) else {
        throw .correctSchedule(text, problem: "an interval must be from 1s to 366d")
      }
      self = .every(interval, from: start)
    } else if let time = Timestamp(text) {
      // Rounded as it is printed, so that the printed form parses to the same time.
      self = .once(Timestamp(rawValue: time.rawValue - (time.rawValue % 1000 + 1000) % 1000))
    } else {
      self = .cron(try CronExpression(text))
    }
  }

  /// Returns the first tick after `time`; nil when there are no more.
  package func next(after time: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
    switch self {
    case .once(let at): return at > time ? at : nil
    case .cron(let expression): return expression.next(after: time, in: zone)
    case .every(let interval, let start):
      let step = Int128(max(1, interval.microseconds))
      let passed = max(0, Int128(time.rawValue) - Int128(start.rawValue))
      let next = Int128(start.rawValue) + (passed / step + 1) * step
      return Int64(exactly: next).map { Timestamp(rawValue: $0) }
    }
  }
}

/// The form that ``ScheduleTiming/init(_:from:)`` parses.
extension ScheduleTiming: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cron(let expression): expression.text
    case .every(let interval, _): "every \(interval.compact)"
    case .once(let time): time.description
    }
  }
}
