extension BreakerMachine {
  /// The stored state of a breaker: JSON of at most about 400 bytes with one probe.
  package struct State: Hashable, Sendable, Codable {
    package internal(set) var phase = Phase.closed
    /// Grows with every transition. The outcome of a call from an older epoch is ignored.
    package internal(set) var epoch = 0
    /// When the phase began, and when the state last changed.
    package internal(set) var since: Int64 = 0
    var asOf: Int64 = 0
    /// When an open breaker lets probes through; nil if only a person closes it.
    package internal(set) var until: Int64?
    var slots: [Slot] = []
    var inARow = 0
    /// How many times it has opened since it last recovered.
    package internal(set) var rounds = 0
    var out: [Probe] = []
    var lastProbe = 0
    var successes = 0

    package init() {}

    struct Slot: Hashable, Codable {
      var number: Int64
      var answered = 0
      var failed = 0

      private enum CodingKeys: String, CodingKey {
        case number = "n"
        case answered = "a"
        case failed = "f"
      }
    }

    struct Probe: Hashable, Codable {
      var id: Int
      var expires: Int64

      private enum CodingKeys: String, CodingKey {
        case id = "i"
        case expires = "x"
      }
    }

    private enum CodingKeys: String, CodingKey {
      case phase = "p"
      case epoch = "e"
      case since = "s"
      case asOf = "t"
      case until = "u"
      case slots = "w"
      case inARow = "c"
      case rounds = "r"
      case out = "o"
      case lastProbe = "l"
      case successes = "k"
    }

    /// Failed calls and all calls in the window, as of the last call.
    package var counts: (failed: Int, calls: Int) {
      slots.reduce((0, 0)) { ($0.0 + $1.failed, $0.1 + $1.failed + $1.answered) }
    }

    /// Probes that are under way.
    package var probesOut: Int { out.count }

    /// Returns the state under the clock of a new boot. An open breaker waits the rest of its wait from now. Probes
    /// ended with the old boot, and counts from before it are dropped.
    package func resumed(at uptime: Int64) -> State {
      func moved(_ time: Int64) -> Int64 { TokenGauge.saturated(Int128(time) - Int128(asOf) + Int128(uptime)) }
      var next = self
      next.since = moved(since)
      next.until = until.map(moved)
      next.asOf = uptime
      next.slots = []
      next.inARow = 0
      next.out = []
      next.epoch += 1
      return next
    }
  }
}
