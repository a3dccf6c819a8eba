import IngestCore
import Synchronization

/// Random numbers that are the same in every run with the same seed.
final class SeededRandom: RandomSource {
  private let state: Mutex<SplitMix>

  init(seed: UInt64) { state = Mutex(SplitMix(seed: seed)) }

  func next() -> UInt64 { state.withLock { $0.next() } }
}
