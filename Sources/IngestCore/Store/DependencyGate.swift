/// Who guards the calls to what other machines offer: one breaker and one set of limits a dependency, shared by all workers
/// of all processes.
package protocol DependencyGate: Sendable {
  /// Leave to make one call: the breaker's and all limits' at once, or nothing is taken.
  /// - Throws: ``Failure`` of kind `unavailable` (`BREAKER_OPEN`) or `throttled` (`LIMIT_REACHED`), with
  ///   ``Failure/dependency`` and when to try again.
  func enter(_ call: DependencyCall) async throws -> DependencyPermit
  /// Tells how the call ended. It never throws: an outcome that cannot be stored is lost, and a probe's place is free again
  /// after its life.
  func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async
}

/// A call that is about to be made.
package struct DependencyCall: Hashable, Sendable {
  /// `embed:openai:text-embedding-3-small@host`, `index:qdrant@host`.
  package var dependency: String
  /// What limits `per: provider` are counted by: the embedder's name.
  package var provider: String
  package var requests: Int
  /// Estimated.
  package var tokens: Int

  package init(dependency: String, provider: String, requests: Int = 1, tokens: Int = 0) {
    self.dependency = dependency
    self.provider = provider
    self.requests = requests
    self.tokens = tokens
  }
}

/// Leave to make one call.
package struct DependencyPermit: Hashable, Sendable {
  package let call: DependencyCall
  package let breaker: BreakerPermit
  /// When it was given, by the boot clock in microseconds.
  package let takenAt: Int64

  package init(call: DependencyCall, breaker: BreakerPermit, takenAt: Int64) {
    self.call = call
    self.breaker = breaker
    self.takenAt = takenAt
  }
}

/// How a call ended, and what the other side said of its limits.
package struct DependencyCallEnd: Hashable, Sendable {
  package var outcome: BreakerOutcome
  /// Whether the request left this machine: one that did not gives its tokens back.
  package var left: Bool
  /// What the other side says the call weighed; nil where it says nothing.
  package var tokens: Int?
  package var advice: ProviderAdvice

  package init(
    outcome: BreakerOutcome, left: Bool = true, tokens: Int? = nil, advice: ProviderAdvice = ProviderAdvice()
  ) {
    self.outcome = outcome
    self.left = left
    self.tokens = tokens
    self.advice = advice
  }
}

/// What a provider says of its limits: `Retry-After` and the `x-ratelimit-*` headers.
package struct ProviderAdvice: Hashable, Sendable {
  package struct Allowance: Hashable, Sendable {
    /// Per its period, if told.
    package var limit: Int?
    package var remaining: Int?
    /// Until it is full again.
    package var reset: Duration?

    package init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }
  }

  /// Nothing is to be asked before.
  package var retryAfter: Duration?
  package var requests: Allowance?
  package var tokens: Allowance?

  package init(retryAfter: Duration? = nil, requests: Allowance? = nil, tokens: Allowance? = nil) {
    self.retryAfter = retryAfter
    self.requests = requests
    self.tokens = tokens
  }
}
