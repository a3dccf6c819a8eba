/// A local time without a time zone, in the Gregorian calendar for all years.
struct CivilTime: Hashable, Sendable {
  var year: Int64
  var month: Int64
  var day: Int64
  var hour: Int64
  var minute: Int64
  var second: Int64

  /// Converts local seconds: seconds since 1970-01-01T00:00:00 on the same clock.
  init(local: Int64) {
    let days = local.quotientRoundedDown(by: 86_400)
    let rest = local - days * 86_400
    (year, month, day) = Timestamp.civil(fromDays: days)
    (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
  }

  /// Returns the weekday; 0 is Sunday. Days count from 1970-01-01, a Thursday.
  static func weekday(ofDay day: Int64) -> Int64 { ((day + 4) % 7 + 7) % 7 }

  static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: 31
    }
  }
}
