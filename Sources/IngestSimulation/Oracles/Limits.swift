import IngestCore

/// The limits of a simulated world, and every start that was granted under them.
struct Limits {
  /// In each period of that many microseconds at most so many starts and the burst.
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

  /// Nil where no limit is set: then there is nothing to hold.
  var isInForce = false
  private var granted: [String: [Int64]] = [:]
  /// When each source's bucket would be full again.
  private var full: [String: Int64] = [:]
  private static let refill = period / Int64(starts)

  /// - Returns: what is wrong with one more start at this time of the boot clock; nil where all is well.
  mutating func start(_ source: String, at uptime: Int64) -> String? {
    guard isInForce else { return nil }
    let window = (granted[source] ?? []).filter { $0 > uptime - Self.period } + [uptime]
    granted[source] = window
    full[source] = max(full[source] ?? uptime, uptime) + Self.refill
    guard window.count > Self.starts + Self.burst else { return nil }
    return "\(window.count) jobs of \(source) were started within \(Self.period / 1_000_000) s; "
      + "\(Self.starts + Self.burst) may be."
  }

  /// Another boot has another clock, and begins with nothing granted by it.
  mutating func reboot() {
    granted = [:]
    full = [:]
  }

  /// When the next start is due by the bucket alone: it holds burst + 1 and refills evenly.
  func nextStart(_ source: String) -> Int64? {
    full[source].map { $0 - Int64(Self.burst) * Self.refill }
  }
}
