/// A recurring time in cron's syntax: minute, hour, day of the month, month and weekday, with seconds first if there
/// are six fields. Also `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly` and their other names.
///
/// As in Vixie cron, if both day fields are restricted (neither begins with `*`), one of them has to match; otherwise
/// both must. For clock changes see ``next(after:in:)``.
package struct CronExpression: Hashable, Sendable {
  /// Bit n stands for the value n; weekdays begin with Sunday, 0.
  let seconds: UInt64
  let minutes: UInt64
  let hours: UInt64
  let days: UInt64
  let months: UInt64
  let weekdays: UInt64
  /// Whether a day field begins with `*`, so that both must match.
  let bothDays: Bool
  /// Whether second, minute or hour begins with `*`, so that it recurs by the clock and not at certain times of the
  /// day.
  let isWildcard: Bool
  /// The expression as it was written, with single spaces.
  package let text: String

  private static let shorthands = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]

  /// Parses an expression.
  /// - Throws: ``PolicyError/correctSchedule(_:problem:)`` for text that cannot be parsed, and for days that never come
  /// (30 February).
  package init(_ text: String) throws(PolicyError) {
    func refuse(_ problem: String) -> PolicyError { .correctSchedule(text, problem: problem) }
    guard text.utf8.count <= 1000 else {
      throw .correctSchedule(text.start(scalars: 40) + "…", problem: "it is longer than 1000 bytes")
    }
    let words = text.split { $0 == " " || $0 == "\t" }
    self.text = words.joined(separator: " ")
    var fields = words
    if let name = words.first, name.hasPrefix("@") {
      guard words.count == 1, let meant = Self.shorthands[name.lowercased()] else {
        let near = nearestName(to: String(name), among: Self.shorthands.keys).map { "; did you mean \($0)?" } ?? ""
        throw refuse("\(name) is not one of \(Self.shorthands.keys.sorted().joined(separator: ", "))\(near)")
      }
      fields = meant.split(separator: " ")
    }
    guard fields.count == 5 || fields.count == 6 else {
      throw refuse("it has \(fields.count) fields; it needs five, or six with seconds first")
    }
    if fields.count == 5 { fields.insert("0", at: 0) }
    func read(_ index: Int, _ field: CronField) throws(PolicyError) -> UInt64 {
      do { return try field.read(fields[index]) } catch { throw refuse(error.text) }
    }
    seconds = try read(0, .second)
    minutes = try read(1, .minute)
    hours = try read(2, .hour)
    days = try read(3, .day)
    months = try read(4, .month)
    let week = try read(5, .weekday)
    // Sunday is both 0 and 7.
    weekdays = (week | week >> 7) & 0x7F
    bothDays = fields[3].hasPrefix("*") || fields[5].hasPrefix("*")
    isWildcard = fields[0...2].contains { $0.hasPrefix("*") }
    if bothDays {
      let (days, months) = (days, months)
      let possible = (1...12).contains { month in
        // The year 2000 had a 29 February.
        months >> month & 1 == 1 && days.trailingZeroBitCount <= CivilTime.days(in: Int64(month), of: 2000)
      }
      guard possible else { throw refuse("none of its months has such a day") }
    }
  }

  /// Returns the first local time at or after `local` (seconds on that clock) that the fields describe. Two such times
  /// are at most 40 years apart (29 February on a given weekday, across the year 2100), so nil only stands for the end
  /// of the calendar.
  func match(atOrAfter local: Int64) -> Int64? {
    var day = local.quotientRoundedDown(by: 86_400)
    var rest = local - day * 86_400
    let lastYear = CivilTime(local: local).year + 48
    while true {
      let date = Timestamp.civil(fromDays: day)
      guard date.year <= lastYear else { return nil }
      if months >> date.month & 1 == 0 {
        day += CivilTime.days(in: date.month, of: date.year) - date.day + 1
        rest = 0
        continue
      }
      if matches(day: day, ofMonth: date.day), let time = time(atOrAfter: rest) { return day * 86_400 + time }
      day += 1
      rest = 0
    }
  }

  private func matches(day: Int64, ofMonth number: Int64) -> Bool {
    let byMonth = days >> number & 1 == 1
    let byWeek = weekdays >> CivilTime.weekday(ofDay: day) & 1 == 1
    return bothDays ? byMonth && byWeek : byMonth || byWeek
  }

  private func time(atOrAfter rest: Int64) -> Int64? {
    var (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    while let nextHour = Self.bit(hours, from: hour) {
      if nextHour > hour { (hour, minute, second) = (nextHour, 0, 0) }
      while let nextMinute = Self.bit(minutes, from: minute) {
        if nextMinute > minute { (minute, second) = (nextMinute, 0) }
        if let second = Self.bit(seconds, from: second) { return hour * 3600 + minute * 60 + second }
        (minute, second) = (minute + 1, 0)
      }
      (hour, minute, second) = (hour + 1, 0, 0)
    }
    return nil
  }

  private static func bit(_ set: UInt64, from low: Int64) -> Int64? {
    let rest = (set >> low) << low
    return rest == 0 ? nil : Int64(rest.trailingZeroBitCount)
  }
}

extension CronExpression: CustomStringConvertible {
  package var description: String { text }
}
