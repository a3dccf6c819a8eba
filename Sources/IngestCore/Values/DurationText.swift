/// Formatting and parsing of durations for people.
package enum DurationText {
  /// Returns an approximate duration in one or two units: `0 s`, `3 ms`, `1.25 s`, `2 min 5 s`, `3 h 12 min`,
  /// `2 d 4 h`.
  package static func text(_ duration: Duration) -> String {
    let microseconds = max(0, duration.microseconds)
    if microseconds == 0 { return "0 s" }
    if microseconds < 1000 { return "\(microseconds) µs" }
    if microseconds < 999_500 { return "\((microseconds + 500) / 1000) ms" }
    if microseconds < 9_995_000 { return "\(DecimalText.short(Double(microseconds) / 1_000_000)) s" }
    let seconds = (microseconds + 500_000) / 1_000_000
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return pair(seconds / 60, "min", seconds % 60, "s")
    case ..<86_400: return pair(seconds / 3600, "h", seconds / 60 % 60, "min")
    default: return pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
    }
  }

  /// Returns the form for options and files, exact to the millisecond: `1h30m`, `250ms`.
  package static func exact(_ duration: Duration) -> String {
    var rest = max(0, duration.milliseconds)
    if rest == 0 { return "0s" }
    var text = ""
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
      as [(String, Int64)]
    where rest >= size {
      text += "\(rest / size)\(unit)"
      rest %= size
    }
    return text
  }

  /// Parses `250ms`, `30s`, `5m`, `2h`, `7d`, `1h30m`; nil for anything else.
  package static func parse(_ text: String) -> Duration? {
    var rest = text[...]
    var total: Double = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let value = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      switch unit {
      case "ms": total += value / 1000
      case "s": total += value
      case "m", "min": total += value * 60
      case "h": total += value * 3600
      case "d": total += value * 86_400
      default: return nil
      }
    }
    // Ten thousand years. The store could not add a longer duration to a time.
    guard total <= 3.2e11 else { return nil }
    return .microseconds(Int64((total * 1_000_000).rounded()))
  }

  private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ below: String) -> String {
    small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(below)"
  }
}

/// Formatting of times relative to now.
package enum RelativeTime {
  /// Returns `now`, `in 3 s`, `2 min ago` or `5 d ago`: one unit.
  package static func text(_ time: Timestamp, now: Timestamp) -> String {
    let distance = time - now
    let seconds = (abs(distance.microseconds) + 500_000) / 1_000_000
    let amount: String
    switch seconds {
    case 0: return "now"
    case ..<60: amount = "\(seconds) s"
    case ..<3600: amount = "\(seconds / 60) min"
    case ..<86_400: amount = "\(seconds / 3600) h"
    default: amount = "\(seconds / 86_400) d"
    }
    return distance > .zero ? "in \(amount)" : "\(amount) ago"
  }
}
