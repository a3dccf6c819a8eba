/// A ``DependencyGate`` that waits in place when the wait is short.
package struct CallGate: Sendable {
  private let gate: any DependencyGate
  private let clock: any TimeSource

  /// The longest total wait in place. Parking the job would take longer.
  private static let patience: Duration = .milliseconds(250)
  /// How long no call goes to a server that answered 429 without a time.
  package static let unsaidWait: Duration = .seconds(1)

  package init(_ gate: any DependencyGate, clock: any TimeSource) {
    self.gate = gate
    self.clock = clock
  }

  /// Waits for a permit to make one call.
  /// - Throws: as ``DependencyGate/enter(_:)``, for a wait longer than ``patience`` in total.
  package func enter(_ call: DependencyCall) async throws -> DependencyPermit {
    var left = Self.patience
    while true {
      do {
        return try await gate.enter(call)
      } catch let failure as Failure where failure.kind == .throttled {
        guard let wait = failure.retryAfter, wait <= left else { throw failure }
        left -= max(wait, .milliseconds(1))
        try await clock.sleep(for: wait)
      }
    }
  }

  /// Reports how a call ended. A nil permit stands for a call that no gate guarded.
  package func leave(_ permit: DependencyPermit?, _ end: DependencyCallEnd) async {
    guard let permit else { return }
    await gate.leave(permit, end)
  }
}
