/// Why there is no answer. `origin` is scheme, host and port: paths, queries and headers can carry secrets.
package enum HTTPClientError: Error, Hashable, Sendable {
  /// The request itself cannot be sent: its URL, method or a header.
  case malformedRequest(String)
  /// The name of the host or of its proxy is not known.
  case unresolvedHost(origin: String)
  /// Nothing listens there, or the network does not reach it.
  case refused(origin: String, detail: String)
  case timeout(origin: String, after: Duration)
  /// No agreement on encryption, or a certificate that is not trusted.
  case tls(origin: String, detail: String)
  /// The connection broke before the answer was whole.
  case connectionLost(origin: String, detail: String)
  /// The answer is longer than the request allows.
  case tooLarge(origin: String, limit: Int)
  /// What came is not HTTP.
  case malformedResponse(origin: String, detail: String)
  /// The task that asked was cancelled, or the client was closed.
  case cancelled
}

extension HTTPClientError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformedRequest(let what): "the request cannot be sent: \(what)"
    case .unresolvedHost(let origin): "the host of \(origin), or its proxy, has no address"
    case .refused(let origin, let detail): "\(origin) does not accept connections (\(detail))"
    case .timeout(let origin, let limit): "\(origin) did not answer within \(limit)"
    case .tls(let origin, let detail): "no trusted connection to \(origin) (\(detail))"
    case .connectionLost(let origin, let detail): "the connection to \(origin) was lost (\(detail))"
    case .tooLarge(let origin, let limit): "\(origin) answered with more than \(limit) bytes"
    case .malformedResponse(let origin, let detail): "\(origin) did not answer in HTTP (\(detail))"
    case .cancelled: "the request was cancelled"
    }
  }
}
