/// The rule for a tick when the previous run has not ended.
package enum OverlapPolicy: String, Codable, Sendable, CaseIterable {
  /// The tick starts nothing and is recorded as skipped.
  case skip
  /// The tick waits until the previous run has ended. At most one tick waits; further ones are skipped.
  case queueOne = "queue-one"
  /// The tick runs beside the previous run.
  case allow
  /// The tick cancels the previous run and starts.
  case cancelPrevious = "cancel-previous"

  package enum Decision: Hashable, Sendable {
    case start
    case skip
    /// The tick starts when the previous run has ended.
    case queue
    /// The running and waiting runs are asked to end, then the tick starts.
    case cancelAndStart
  }

  /// - Parameters:
  ///   - running: runs of this schedule that have started and not ended.
  ///   - waiting: ticks that wait for those runs.
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
