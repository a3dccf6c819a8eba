/// The clocks that all code reads, injected so that tests and simulations control time. Its ``LeaseClock/uptime`` is
/// the machine's, and also measures durations.
package protocol TimeSource: LeaseClock {
  /// The wall clock, which people see and which decides when a job is due. It may jump.
  var now: Timestamp { get }
  /// Returns after `duration`, or throws `CancellationError` when the task is cancelled.
  func sleep(for duration: Duration) async throws
}

/// A source of random numbers, injected for the same reason.
package protocol RandomSource: Sendable {
  func next() -> UInt64
}

extension RandomSource {
  /// Returns a number uniform in `0..<1`.
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
