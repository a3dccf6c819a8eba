package import IngestCore
package import IngestHTTPClient

extension DependencyCallEnd {
  /// Creates the end of a call that got a response.
  init(_ verdict: ProviderVerdict, headers: HTTPHeaders, status: Int) {
    let outcome: BreakerOutcome
    var tokens: Int?
    switch verdict {
    case .vectors(let answer):
      // One vector without a direction makes the batch fail, although its other vectors are good.
      let isSound = answer.vectors.allSatisfy { if case .success = $0 { true } else { false } }
      outcome = isSound ? .answered : .failed(code: "EMBEDDER_BAD_ANSWER")
      tokens = answer.tokens
    case .tooMuch, .refused: outcome = .answered
    case .failed(let error): outcome = BreakerOutcome(error.failure)
    }
    self.init(outcome: outcome, tokens: tokens, advice: ProviderAdvice(headers, status: status))
  }

  /// Creates the end of a call that got no response.
  init(_ error: HTTPClientError, failure: Failure) {
    switch error {
    // A request that could not be sent says nothing about the server.
    case .malformedRequest: self.init(outcome: .silent, left: false)
    case .unresolvedHost, .refused, .tls: self.init(outcome: BreakerOutcome(failure), left: false)
    case .timeout, .connectionLost, .tooLarge, .malformedResponse, .cancelled:
      self.init(outcome: BreakerOutcome(failure))
    }
  }
}

extension ProviderAdvice {
  /// Reads `Retry-After` and `x-ratelimit-*`. Ignores headers that cannot be parsed.
  package init(_ headers: HTTPHeaders, status: Int) {
    let said = RetryAfter.duration(headers)
    self.init(
      retryAfter: status == 429 ? said ?? CallGate.unsaidWait : (200..<300).contains(status) ? nil : said,
      requests: Allowance(headers, of: "requests"), tokens: Allowance(headers, of: "tokens"))
  }
}

extension ProviderAdvice.Allowance {
  fileprivate init?(_ headers: HTTPHeaders, of unit: String) {
    func number(_ name: String) -> Int? {
      headers["x-ratelimit-\(name)-\(unit)"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
    let reset = headers["x-ratelimit-reset-\(unit)"].flatMap(RetryAfter.reset)
    guard number("limit") != nil || number("remaining") != nil || reset != nil else { return nil }
    self.init(limit: number("limit"), remaining: number("remaining"), reset: reset)
  }
}
