extension Timestamp: CustomStringConvertible {
  /// The time as RFC 3339 in UTC with milliseconds, such as `2026-11-20T09:30:00.125Z`.
  package var description: String {
    let milliseconds = rawValue.quotientRoundedDown(by: 1000)
    let seconds = milliseconds.quotientRoundedDown(by: 1000)
    let days = seconds.quotientRoundedDown(by: 86_400)
    let (year, month, day) = Self.civil(fromDays: days)
    let second = seconds - days * 86_400
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
      + "T" + padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
      + "." + padded(milliseconds - seconds * 1000, 3) + "Z"
  }

  /// Parses RFC 3339: `2026-11-20T09:30:00Z`, with an optional fraction and an offset such as `+01:00`. Nil also where
  /// the time in UTC is outside the years 0000 to 9999, because it could not be written again.
  package init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func number(_ width: Int) -> Int64? {
      guard rest.count >= width else { return nil }
      var value: Int64 = 0
      for byte in rest.prefix(width) {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - 48)
      }
      rest = rest.dropFirst(width)
      return value
    }
    func skip(_ allowed: String) -> UInt8? {
      guard let byte = rest.first, allowed.utf8.contains(byte) else { return nil }
      rest = rest.dropFirst()
      return byte
    }
    guard let year = number(4), skip("-") != nil, let month = number(2), skip("-") != nil, let day = number(2),
      skip("Tt ") != nil, let hour = number(2), skip(":") != nil, let minute = number(2), skip(":") != nil,
      let second = number(2), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
    else { return nil }
    var fraction: Int64 = 0
    if skip(".") != nil {
      var unit: Int64 = 100_000
      guard let first = number(1) else { return nil }
      fraction = first * unit
      while let digit = number(1) {
        unit /= 10
        fraction += digit * unit
      }
    }
    var offset: Int64 = 0
    if skip("Zz") == nil {
      guard let sign = skip("+-"), let hours = number(2), skip(":") != nil, let minutes = number(2), hours < 24,
        minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
    guard rest.isEmpty else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    guard Self.civil(fromDays: days) == (year, month, day) else { return nil }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    guard Self.writable.contains(seconds) else { return nil }
    self.init(rawValue: seconds * 1_000_000 + fraction)
  }

  /// Seconds from the start of the year 0000 to the end of 9999.
  private static let writable = days(year: 0, month: 1, day: 1) * 86_400..<days(year: 10_000, month: 1, day: 1) * 86_400

  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": exact for the proleptic Gregorian calendar.
  static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted.quotientRoundedDown(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.quotientRoundedDown(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension Int64 {
  /// Returns the quotient rounded towards negative infinity, as calendars need it.
  func quotientRoundedDown(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
