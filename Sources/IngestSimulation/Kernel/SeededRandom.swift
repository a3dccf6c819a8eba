import IngestCore

/// SplitMix64: small, fast, the same everywhere.
package struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// One stream of randomness of a run. Each purpose has its own, so that a fault more or less leaves the draws of the others
/// as they were.
///
/// `@unchecked`: confined to the thread that runs the simulation.
final class RandomStream: RandomSource, @unchecked Sendable {
  private var generator: SplitMix

  init(seed: UInt64, purpose: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    generator = SplitMix(seed: seed ^ hash)
    _ = generator.next()
  }

  func next() -> UInt64 { generator.next() }

  /// Uniform in `0..<count`; 0 for an empty range.
  func pick(_ count: Int) -> Int { count > 0 ? Int(next() % UInt64(count)) : 0 }

  func pick<T>(_ values: [T]) -> T? { values.isEmpty ? nil : values[pick(values.count)] }

  func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + pick(range.count) }

  /// True so often in a thousand.
  func chance(_ inThousand: Int) -> Bool { pick(1000) < inThousand }

  /// Uniform, to the microsecond.
  func time(_ range: ClosedRange<Duration>) -> Duration {
    let low = range.lowerBound.microseconds
    return .microseconds(low + Int64(next() % UInt64(range.upperBound.microseconds - low + 1)))
  }
}
