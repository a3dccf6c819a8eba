import IngestCore

/// The limits of a simulated world, and every start that was granted under them.
struct Limits {
  /// Each source may start at most `starts` + `burst` jobs in any period of `period` microseconds.
  private static let starts = 5
  private static let period: Int64 = 5_000_000
  private static let burst = 1

  static func rules(_ seed: UInt64) throws -> [LimitChange] {
    let rate = try RateSpec(limit: starts, period: .microseconds(period), burst: burst)
    return [
      .set(try Limit(.throttle(rate), per: .source, origin: .live)),
      .set(try Limit(.concurrency(ConcurrencyLimit(3)), per: .source, origin: .live)),
    ]
  }

  /// False if no limit is set: then there is nothing to check.
  var isInForce = false
  private var granted: [String: [Int64]] = [:]
  /// When each source's bucket would be full again.
  private var full: [String: Int64] = [:]
  private static let refill = period / Int64(starts)

  /// Records a start.
  /// - Returns: what is wrong with one more start at this time of the boot clock; nil if it is allowed.
  mutating func start(_ source: String, at uptime: Int64) -> String? {
    guard isInForce else { return nil }
    let window = (granted[source] ?? []).filter { $0 > uptime - Self.period } + [uptime]
    granted[source] = window
    full[source] = max(full[source] ?? uptime, uptime) + Self.refill
    guard window.count > Self.starts + Self.burst else { return nil }
    return "\(window.count) jobs of \(source) started within \(Self.period / 1_000_000) s; "
      + "the limit allows \(Self.starts + Self.burst)."
  }

  /// Forgets all starts: the boot clock restarts, so their times mean nothing.
  mutating func reboot() {
    granted = [:]
    full = [:]
  }

  /// Returns when the bucket alone allows the next start: it holds burst + 1 and refills evenly.
  func nextStart(_ source: String) -> Int64? {
    full[source].map { $0 - Int64(Self.burst) * Self.refill }
  }
}
