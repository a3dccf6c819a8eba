extension TokenBucket {
  /// The stored state of a bucket, as opaque JSON of about 60 bytes. Times are of the boot clock under which it was
  /// made.
  package struct State: Hashable, Sendable, Codable {
    var own: TokenGauge
    /// When the state last changed.
    package internal(set) var asOf: Int64 = 0
    /// Nothing is granted before this time.
    package internal(set) var heldUntil: Int64?
    package internal(set) var lowered: Lowered?

    /// The limit that a provider reported, until it reports another.
    package struct Lowered: Hashable, Sendable, Codable {
      package internal(set) var limit: Int
      package internal(set) var until: Int64
      /// When its gauge began to count.
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

    /// Returns whether the bucket is full at any rate. Such a state equals a new one and can be deleted.
    package func isFull(at uptime: Int64) -> Bool {
      own.arrival < uptime && asOf <= uptime && (heldUntil ?? .min) <= uptime && (lowered?.until ?? .min) <= uptime
    }

    /// Returns the state under the clock of a new boot: the wait that was left at the last change restarts from now.
    /// The time that the machine was off does not count (the wall clock may have jumped), so a boot neither frees nor
    /// freezes anything.
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
