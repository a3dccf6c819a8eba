/// What a call says about the dependency it was made to.
package enum BreakerOutcome: Hashable, Sendable {
  /// It answered. A refusal of the request itself counts here: who says "bad input" is well.
  case answered
  /// Timeout, connection lost, 5xx, busy.
  case failed(code: String)
  /// Nothing is learnt from it: a limit, a quota, a cancellation, a death of our own.
  case silent

  /// Only ``Failure/Kind/transient`` counts as failed, and ``Failure/Kind/permanent`` as an answer. `unavailable` is mostly the
  /// breaker's own word, so it must not feed back.
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

/// Leave to make one call, to be handed back with its outcome. Of an older epoch, it has nothing to say any more.
package struct BreakerPermit: Hashable, Sendable, Codable {
  package let epoch: Int
  /// Set for a probe of a half-open breaker.
  package let probe: Int?
}

/// A change of a breaker's phase, to be journaled with the state that holds it.
package struct BreakerTransition: Hashable, Sendable, Codable {
  package let from: BreakerMachine.Phase
  package let to: BreakerMachine.Phase
  package let cause: Cause
  /// Boot clock, microseconds.
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
