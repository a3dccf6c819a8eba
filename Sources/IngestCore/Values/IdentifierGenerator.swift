private import Synchronization

/// A generator of ULIDs that grow strictly within one process, even when the wall clock jumps.
package final class IdentifierGenerator: Sendable {
  private struct State {
    var milliseconds: UInt64 = 0
    /// The low 80 bits of the ULID: 16 high, 64 low.
    var high: UInt16 = 0
    var low: UInt64 = 0
  }

  private let clock: any TimeSource
  private let random: any RandomSource
  private let state = Mutex(State())

  package init(clock: any TimeSource, random: any RandomSource) {
    self.clock = clock
    self.random = random
  }

  package func next<Tag>(_: Tag.Type = Tag.self) -> Identifier<Tag> {
    let now = UInt64(max(0, clock.now.rawValue / 1000))
    let drawn = state.withLock { state in
      if now > state.milliseconds {
        state = State(milliseconds: now, high: UInt16(truncatingIfNeeded: random.next()), low: random.next())
      } else {
        // Within one millisecond the random part counts up; when it overflows, the time does.
        let (low, carry) = state.low.addingReportingOverflow(1 + random.next() % 0xFFFF_FFFF)
        state.low = low
        if carry {
          let (high, overflow) = state.high.addingReportingOverflow(1)
          state.high = high
          if overflow { state.milliseconds += 1 }
        }
      }
      return state
    }
    return Identifier(rawValue: Self.text(drawn.milliseconds, drawn.high, drawn.low))
  }

  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  private static func text(_ milliseconds: UInt64, _ high: UInt16, _ low: UInt64) -> String {
    let value = (UInt128(milliseconds) << 80) | (UInt128(high) << 64) | UInt128(low)
    return String(unsafeUninitializedCapacity: 26) { buffer in
      for position in 0..<26 {
        buffer[position] = alphabet[Int(truncatingIfNeeded: value >> UInt128(5 * (25 - position))) & 31]
      }
      return 26
    }
  }
}
