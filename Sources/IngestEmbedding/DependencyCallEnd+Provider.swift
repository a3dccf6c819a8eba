package import IngestCore
package import IngestHTTPClient

extension DependencyCallEnd {
  /// Of a call that got an answer.
  init(_ verdict: ProviderVerdict, headers: HTTPHeaders, status: Int) {
    let outcome: BreakerOutcome
    var tokens: Int?
    switch verdict {
    case .vectors(let answer):
      // One vector of no direction makes the batch fail, though the rest of it is good.
      let isSound = answer.vectors.allSatisfy { if case .success = $0 { true } else { false } }
      outcome = isSound ? .answered : .failed(code: "EMBEDDER_BAD_ANSWER")
      tokens = answer.tokens
    case .tooMuch, .refused: outcome = .answered
    case .failed(let error): outcome = BreakerOutcome(error.failure)
    }
    self.init(outcome: outcome, tokens: tokens, advice: ProviderAdvice(headers, status: status))
  }

  /// Of a call without an answer.
  init(_ error: HTTPClientError, told failure: Failure) {
    switch error {
    // What could not be written as a request says nothing of the server.
    case .malformedRequest: self.init(outcome: .silent, left: false)
    case .unresolvedHost, .refused, .tls: self.init(outcome: BreakerOutcome(failure), left: false)
    case .timeout, .connectionLost, .tooLarge, .malformedResponse, .cancelled:
      self.init(outcome: BreakerOutcome(failure))
    }
  }
}

extension ProviderAdvice {
  /// `Retry-After` and `x-ratelimit-*`; what cannot be read is not there.
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
