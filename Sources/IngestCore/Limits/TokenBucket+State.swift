extension TokenBucket {
  /// What a store keeps of a bucket, as opaque JSON of some 60 bytes; times are of the boot clock it was made under.
  package struct State: Hashable, Sendable, Codable {
    var own: TokenGauge
    /// When it was last changed.
    package internal(set) var asOf: Int64 = 0
    /// Nothing is granted before.
    package internal(set) var heldUntil: Int64?
    package internal(set) var lowered: Lowered?

    /// What a provider allows until it says otherwise.
    package struct Lowered: Hashable, Sendable, Codable {
      package internal(set) var limit: Int
      package internal(set) var until: Int64
      /// Since when its gauge has been counting.
      var since: Int64
      var gauge: TokenGauge

      private enum CodingKeys: String, CodingKey {
        case limit = "l"
        case until = "u"
        case since = "s"
        case gauge = "g"
      }
    }

    private enum CodingKeys: String, CodingKey {
      case own = "g"
      case asOf = "t"
      case heldUntil = "h"
      case lowered = "w"
    }

    init(own: TokenGauge) { self.own = own }

    /// Whether nothing is missing at any rate: a bucket that says no more than a new one, and can be forgotten.
    package func isFull(at uptime: Int64) -> Bool {
      own.arrival < uptime && asOf <= uptime && (heldUntil ?? .min) <= uptime && (lowered?.until ?? .min) <= uptime
    }

    /// The state under the clock of a new boot: what was left to wait when it was last changed is to be waited from now. How
    /// long the machine was off is not asked (the wall clock may have jumped), so the boot frees nothing and freezes nothing.
    package func resumed(at uptime: Int64) -> State {
      func moved(_ time: Int64) -> Int64 { TokenGauge.saturated(Int128(time) - Int128(asOf) + Int128(uptime)) }
      var next = self
      next.own.arrival = moved(own.arrival)
      next.heldUntil = heldUntil.map(moved)
      if var lowered {
        lowered.until = moved(lowered.until)
        lowered.since = moved(lowered.since)
        lowered.gauge.arrival = moved(lowered.gauge.arrival)
        next.lowered = lowered
      }
      next.asOf = uptime
      return next
    }
  }
}
