/// The account of one limit under the generic cell rate algorithm: the time at which the bucket is full again.
/// ``TokenBucket`` builds on it.
///
/// It calculates in 1/limit of a microsecond, in which a unit costs exactly one period. So neither 7/s nor 600,000/s
/// drifts.
struct TokenGauge: Hashable, Sendable, Codable {
  /// The time at which it is full if nothing more is taken, in microseconds of the boot clock, and the remainder in
  /// 1/``limit`` of a microsecond.
  var arrival: Int64
  var fraction: Int64
  /// The rate with which ``arrival`` was calculated; the period in microseconds.
  var limit: Int64
  var period: Int64

  private enum CodingKeys: String, CodingKey {
    case arrival = "a"
    case fraction = "f"
    case limit = "l"
    case period = "p"
  }

  struct Rate: Equatable {
    var limit: Int128
    var period: Int128
    var burst: Int128
    var capacity: Int128 { (burst + 1) * period }

    init(limit: Int, period: Duration, burst: Int) {
      self.limit = Int128(limit)
      self.period = Int128(period.microseconds)
      self.burst = Int128(burst)
    }
  }

  static func full(_ rate: Rate, at now: Int64) -> TokenGauge {
    TokenGauge(arrival: now, fraction: 0, limit: Int64(rate.limit), period: Int64(rate.period))
  }

  /// Returns the time until the bucket is full, in 1/limit of a microsecond; negative if it has been full since then. A
  /// debt made at another rate counts by its units, and at most as an empty bucket. So raising a limit takes effect
  /// immediately, and lowering one blocks for at most one interval.
  func debt(at now: Int64, _ rate: Rate) -> Int128 {
    let own = (Int128(arrival) - Int128(now)) * Int128(limit) + Int128(fraction)
    guard Int128(limit) != rate.limit || Int128(period) != rate.period, own > 0 else { return own }
    let (product, overflow) = own.multipliedReportingOverflow(by: rate.period)
    return overflow ? rate.capacity : min((product + Int128(period) - 1) / Int128(period), rate.capacity)
  }

  /// Returns the time until `count` units can be taken; 0 if they can be now. A take heavier than the bucket waits
  /// until it is full.
  func wait(for count: Int, at now: Int64, _ rate: Rate) -> Int64 {
    let debt = max(0, debt(at: now, rate))
    let excess = Int128(count) > rate.burst + 1 ? debt : debt + Int128(count) * rate.period - rate.capacity
    return excess > 0 ? Self.saturated((excess + rate.limit - 1) / rate.limit) : 0
  }

  /// Takes units for a start at `slack` after now. A clock of whole microseconds has rounded down, so a bucket at rest
  /// may overflow by what arrives in less than one microsecond. Without that, 600,000/s would let only 500,000 through;
  /// with it the bound is still exact.
  mutating func take(_ count: Int, at now: Int64, slack: Int64, _ rate: Rate) {
    let rest = Int128(max(0, slack)) * rate.limit - (rate.limit - 1)
    set(debt: max(debt(at: now, rate), rest) + Int128(count) * rate.period, at: now, rate)
  }

  mutating func set(debt: Int128, at now: Int64, _ rate: Rate) {
    let total = Int128(now) * rate.limit + debt
    let (quotient, remainder) = total.quotientAndRemainder(dividingBy: rate.limit)
    arrival = Self.saturated(remainder < 0 ? quotient - 1 : quotient)
    fraction = Int64(remainder < 0 ? remainder + rate.limit : remainder)
    limit = Int64(rate.limit)
    period = Int64(rate.period)
  }

  /// Limits a value so that the difference of two times cannot overflow `Int64`.
  static func saturated(_ value: Int128) -> Int64 { Int64(min(max(value, -(1 << 61)), 1 << 61)) }
}
