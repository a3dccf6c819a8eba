/// The gate before every call to another machine. Each dependency has one breaker and one set of limits, shared by all
/// workers of all processes.
package protocol DependencyGate: Sendable {
  /// Returns a permit for one call. The call passes the breaker and all limits together, or takes nothing from any of
  /// them.
  /// - Throws: ``Failure`` of kind `unavailable` (`BREAKER_OPEN`) or `throttled` (`LIMIT_REACHED`), with
  ///   ``Failure/dependency`` and when to try again.
  func enter(_ call: DependencyCall) async throws -> DependencyPermit
  /// Reports how the call ended. It never throws: an outcome that cannot be stored is lost, and a probe's slot becomes
  /// free when the probe's time is over.
  func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async
}

/// A call that is about to be made.
package struct DependencyCall: Hashable, Sendable {
  /// `embed:openai:text-embedding-3-small@host`, `index:qdrant@host`.
  package var dependency: String
  /// The key for limits `per: provider`: the embedder's name.
  package var provider: String
  package var requests: Int
  /// The estimated number of tokens.
  package var tokens: Int

  package init(dependency: String, provider: String, requests: Int = 1, tokens: Int = 0) {
    self.dependency = dependency
    self.provider = provider
    self.requests = requests
    self.tokens = tokens
  }
}

/// A permit for one call.
package struct DependencyPermit: Hashable, Sendable {
  package let call: DependencyCall
  package let breaker: BreakerPermit
  /// When the permit was given, in microseconds of the boot clock.
  package let takenAt: Int64

  package init(call: DependencyCall, breaker: BreakerPermit, takenAt: Int64) {
    self.call = call
    self.breaker = breaker
    self.takenAt = takenAt
  }
}

/// The outcome of a call, and what the provider reported about its limits.
package struct DependencyCallEnd: Hashable, Sendable {
  package var outcome: BreakerOutcome
  /// Whether the request left this machine. A request that did not returns its tokens.
  package var left: Bool
  /// The tokens that the provider counted for the call; nil if it reports none.
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

/// The limits that a provider reports: `Retry-After` and the `x-ratelimit-*` headers.
package struct ProviderAdvice: Hashable, Sendable {
  package struct Allowance: Hashable, Sendable {
    /// The amount per period, if reported.
    package var limit: Int?
    package var remaining: Int?
    /// The time until it is full again.
    package var reset: Duration?

    package init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }
  }

  /// No call may be made before this time has passed.
  package var retryAfter: Duration?
  package var requests: Allowance?
  package var tokens: Allowance?

  package init(retryAfter: Duration? = nil, requests: Allowance? = nil, tokens: Allowance? = nil) {
    self.retryAfter = retryAfter
    self.requests = requests
    self.tokens = tokens
  }
}
