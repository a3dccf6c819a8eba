/// The clocks that everything reads, injected so that tests and simulations own time.
/// Its ``LeaseClock/uptime`` is the machine's: it also measures how long something took.
package protocol TimeSource: LeaseClock {
  /// The wall clock: what people see, and when a job is due. It may jump.
  var now: Timestamp { get }
  /// Returns after `duration`, or throws `CancellationError` when the task is cancelled.
  func sleep(for duration: Duration) async throws
}

/// Where randomness comes from, injected likewise.
package protocol RandomSource: Sendable {
  func next() -> UInt64
}

extension RandomSource {
  /// Uniform in `0..<1`.
  package func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// The operating system's generator.
package struct SystemRandom: RandomSource {
  package init() {}

  package func next() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
