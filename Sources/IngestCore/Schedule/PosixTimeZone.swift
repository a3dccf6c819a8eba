/// The rule of a POSIX `TZ` text such as `CET-1CEST,M3.5.0,M10.5.0/3`, which applies after the last change that a time
/// zone file lists. Source: POSIX.1 chapter 8.3, with RFC 9636's hours from −167 to 167.
struct PosixTimeZone: Hashable, Sendable {
  /// Seconds east of UTC.
  var standard: Int64
  var saving: Saving?

  struct Saving: Hashable, Sendable {
    var offset: Int64
    var begins: Day
    var ends: Day
  }

  /// A day of the year and a time on it, in seconds of local time before the change.
  struct Day: Hashable, Sendable {
    var rule: Rule
    var time: Int64

    enum Rule: Hashable, Sendable {
      /// 1 to 365; 29 February is never counted.
      case julian(Int64)
      /// 0 to 365; 29 February is counted.
      case ordinal(Int64)
      /// The `week`th weekday `day` (0: Sunday) of the month; week 5 is the last one.
      case weekday(month: Int64, week: Int64, day: Int64)
    }

    /// Returns this day and time in that year, in local seconds since 1970.
    func seconds(year: Int64) -> Int64 {
      let newYear = Timestamp.days(year: year, month: 1, day: 1)
      let day: Int64
      switch rule {
      case .ordinal(let number): day = newYear + number
      case .julian(let number):
        let march = Timestamp.days(year: year, month: 3, day: 1)
        day = number >= 60 ? march + number - 60 : newYear + number - 1
      case .weekday(let month, let week, let wanted):
        let first = Timestamp.days(year: year, month: month, day: 1)
        let after =
          month == 12
          ? Timestamp.days(year: year + 1, month: 1, day: 1) : Timestamp.days(year: year, month: month + 1, day: 1)
        var found = first + (wanted - CivilTime.weekday(ofDay: first) + 7) % 7 + (week - 1) * 7
        while found >= after { found -= 7 }
        day = found
      }
      return day * 86_400 + time
    }
  }

  /// Returns the segment of one offset that contains `time` (seconds since 1970, UTC).
  func segment(at time: Int64) -> TimeZoneRules.Segment {
    guard let saving else { return .init(start: .min, end: .max, offset: standard) }
    let year = CivilTime(local: time + standard).year
    var changes: [(at: Int64, offset: Int64)] = []
    for year in year - 1...year + 1 {
      changes.append((saving.ends.seconds(year: year) - saving.offset, standard))
      changes.append((saving.begins.seconds(year: year) - standard, saving.offset))
    }
    // Of two changes at the same time (daylight saving all year), the one that begins daylight saving wins, because it
    // comes later in a stable order.
    let sorted = changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    guard let place = sorted.lastIndex(where: { $0.at <= time }) else {
      return .init(start: .min, end: sorted[0].at, offset: standard)
    }
    let end = place + 1 < sorted.count ? sorted[place + 1].at : Int64.max
    return .init(start: sorted[place].at, end: end, offset: sorted[place].offset)
  }
}

extension PosixTimeZone {
  /// Parses a POSIX time zone. Nil for anything else; daylight saving needs its rule.
  init?(_ text: some Sequence<UInt8>) {
    var reader = Reader(rest: Array(text)[...])
    guard reader.name(), let west = reader.time(hours: 24) else { return nil }
    standard = -west
    guard !reader.rest.isEmpty else { return }
    guard reader.name() else { return nil }
    var offset = standard + 3600
    if reader.rest.first != UInt8(ascii: ",") {
      guard let west = reader.time(hours: 24) else { return nil }
      offset = -west
    }
    guard let begins = reader.day(), let ends = reader.day(), reader.rest.isEmpty else { return nil }
    saving = Saving(offset: offset, begins: begins, ends: ends)
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func name() -> Bool {
      if skip("<") {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")), end - rest.startIndex >= 1 else { return false }
        rest = rest[(end + 1)...]
        return true
      }
      // Setting the bit 32 makes a capital letter small.
      let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 32) && $0 >= 65 }
      rest = rest.dropFirst(letters.count)
      return letters.count >= 3
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard (1...3).contains(digits.count) else { return nil }
      rest = rest.dropFirst(digits.count)
      let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
      return range.contains(value) ? value : nil
    }

    /// Parses `[+-]hh[:mm[:ss]]` as seconds.
    mutating func time(hours: Int64) -> Int64? {
      let negative = skip("-")
      if !negative { _ = skip("+") }
      guard var total = number(0...hours).map({ $0 * 3600 }) else { return nil }
      for unit in [60, 1] as [Int64] {
        guard skip(":") else { break }
        guard let part = number(0...59) else { return nil }
        total += part * unit
      }
      return negative ? -total : total
    }

    /// Parses `,rule[/time]`; the time is 02:00 if none is given.
    mutating func day() -> Day? {
      guard skip(",") else { return nil }
      let rule: Day.Rule
      if skip("M") {
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."), let day = number(0...6) else {
          return nil
        }
        rule = .weekday(month: month, week: week, day: day)
      } else if skip("J") {
        guard let day = number(1...365) else { return nil }
        rule = .julian(day)
      } else {
        guard let day = number(0...365) else { return nil }
        rule = .ordinal(day)
      }
      guard skip("/") else { return Day(rule: rule, time: 7200) }
      return time(hours: 167).map { Day(rule: rule, time: $0) }
    }
  }
}
