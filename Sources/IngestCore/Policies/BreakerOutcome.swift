/// The outcome of a call as evidence about the dependency.
package enum BreakerOutcome: Hashable, Sendable {
  /// The dependency answered. A refusal of the request itself counts here: a server that says "bad input" is healthy.
  case answered
  /// Timeout, connection lost, 5xx, busy.
  case failed(code: String)
  /// The call says nothing about the dependency: a limit, a quota, a cancellation, or a death on our side.
  case silent

  /// Counts only ``Failure/Kind/transient`` as failed, and ``Failure/Kind/permanent`` as an answer. `unavailable`
  /// mostly comes from the breaker itself, so it must not feed back into it.
  package init(_ failure: Failure?) {
    guard let failure else {
      self = .answered
      return
    }
    switch failure.kind {
    case .transient: self = .failed(code: failure.code)
    case .permanent: self = .answered
    case .throttled, .unavailable, .exhausted, .poison, .cancelled: self = .silent
    }
  }
}

/// A permit to make one call, returned with the call's outcome. A permit of an older epoch has no effect.
package struct BreakerPermit: Hashable, Sendable, Codable {
  package let epoch: Int
  /// Set for a probe of a half-open breaker.
  package let probe: Int?
}

/// A change of a breaker's phase, journaled together with the new state.
package struct BreakerTransition: Hashable, Sendable, Codable {
  package let from: BreakerMachine.Phase
  package let to: BreakerMachine.Phase
  package let cause: Cause
  /// In microseconds of the boot clock.
  package let at: Int64
  /// For ``BreakerMachine/Phase/open``: when probes begin; nil if only a person closes it.
  package let until: Int64?

  package enum Cause: Hashable, Sendable, Codable {
    case failureRate(failed: Int, calls: Int, code: String)
    case consecutiveFailures(Int, code: String)
    case waitOver
    case probeFailed(code: String)
    case probesSucceeded(Int)
    case opened(by: String)
    case reset(by: String)
  }
}

extension BreakerTransition.Cause: CustomStringConvertible {
  package var description: String {
    switch self {
    case .failureRate(let failed, let calls, let code): "\(failed) of \(calls) calls failed, the last with \(code)"
    case .consecutiveFailures(1, let code): "a call failed with \(code)"
    case .consecutiveFailures(let count, let code): "\(count) calls failed in a row, the last with \(code)"
    case .waitOver: "its wait is over, so probes may try"
    case .probeFailed(let code): "a probe failed with \(code)"
    case .probesSucceeded(let count): count == 1 ? "a probe succeeded" : "\(count) probes succeeded"
    case .opened(let actor): "opened by \(actor)"
    case .reset(let actor): "reset by \(actor)"
    }
  }
}
