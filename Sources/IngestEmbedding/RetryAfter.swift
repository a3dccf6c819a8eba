internal import IngestCore
package import IngestHTTPClient

/// The wait that a server asks for, in any of the headers that servers use.
package enum RetryAfter {
  /// The longest wait. After it the server is called again, even if it asked for more.
  private static let longest: Duration = .seconds(3600)

  package static func duration(_ headers: HTTPHeaders) -> Duration? {
    if let milliseconds = headers["retry-after-ms"].flatMap({ Double($0) }) { return bounded(milliseconds / 1000) }
    if let text = headers["Retry-After"] {
      if let seconds = Double(text) { return bounded(seconds) }
      // Measured by the server's own clock, so that the clock of this machine does not matter.
      if let then = headers.date("Retry-After"), let now = headers.date("Date") { return bounded(Double(then - now)) }
    }
    let resets = ["requests", "tokens"].compactMap { limit -> Double? in
      guard headers["x-ratelimit-remaining-\(limit)"] == "0" else { return nil }
      return headers["x-ratelimit-reset-\(limit)"].flatMap(span)
    }
    return resets.max().map(bounded)
  }

  private static func bounded(_ seconds: Double) -> Duration {
    guard seconds > 0 else { return .zero }
    return seconds < longest.seconds ? .microseconds(Int64(seconds * 1_000_000)) : longest
  }

  /// Returns the time until an allowance is full again, from a value of `x-ratelimit-reset-*`. Nil if the text is not a
  /// duration but, for example, a date.
  static func reset(_ text: String) -> Duration? {
    guard let seconds = span(text), seconds.isFinite, seconds < 1e9 else { return nil }
    return bounded(seconds)
  }

  /// Returns the seconds of a duration as Go prints it (`6m0s`, `1s`, `20ms`) or of a plain number of seconds.
  private static func span(_ text: String) -> Double? {
    if let seconds = Double(text) { return seconds }
    let units: [String: Double] = ["h": 3600, "m": 60, "s": 1, "ms": 0.001, "us": 0.000_001, "µs": 0.000_001]
    var rest = text[...]
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { !$0.isNumber && $0 != "." }
      rest = rest.dropFirst(unit.count)
      guard let value = Double(number), let factor = units[String(unit)] else { return nil }
      total += value * factor
    }
    return text.isEmpty ? nil : total
  }
}
