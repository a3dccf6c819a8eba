/// What a tick does when the run before it has not ended.
package enum OverlapPolicy: String, Codable, Sendable, CaseIterable {
  /// Nothing; the tick is noted as skipped.
  case skip
  /// Waits for its end; one tick waits at most, further ones are skipped.
  case queueOne = "queue-one"
  /// Runs beside it.
  case allow
  /// Cancels it and starts.
  case cancelPrevious = "cancel-previous"

  package enum Decision: Hashable, Sendable {
    case start
    case skip
    /// Starts when the run before it has ended.
    case queue
    /// Asks those that run or wait to end, then starts.
    case cancelAndStart
  }

  /// - Parameters:
  ///   - running: runs of this schedule that have started and not ended.
  ///   - waiting: ticks that wait for them.
  package func decide(running: Int, waiting: Int) -> Decision {
    guard running > 0 || waiting > 0 else { return .start }
    switch self {
    case .skip: return .skip
    case .allow: return .start
    case .queueOne: return waiting > 0 ? .skip : .queue
    case .cancelPrevious: return .cancelAndStart
    }
  }
}
