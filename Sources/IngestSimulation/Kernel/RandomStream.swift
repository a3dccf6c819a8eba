import IngestCore

/// One stream of random numbers of a run. Each purpose has its own stream, so that adding or removing one fault does
/// not change the other draws.
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

  /// Returns true with a probability of `inThousand` / 1000.
  func chance(_ inThousand: Int) -> Bool { pick(1000) < inThousand }

  /// Returns a time in the range, uniform to the microsecond.
  func time(_ range: ClosedRange<Duration>) -> Duration {
    let low = range.lowerBound.microseconds
    return .microseconds(low + Int64(next() % UInt64(range.upperBound.microseconds - low + 1)))
  }
}
