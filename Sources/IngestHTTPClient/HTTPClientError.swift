/// The reason why there is no response. `origin` has only scheme, host and port, because paths, queries and headers can
/// contain secrets.
package enum HTTPClientError: Error, Hashable, Sendable {
  /// The request cannot be sent because of its URL, its method or a header.
  case malformedRequest(String)
  /// The name of the host or of its proxy does not resolve.
  case unresolvedHost(origin: String)
  /// No server listens there, or the network does not reach it.
  case refused(origin: String, detail: String)
  case timeout(origin: String, after: Duration)
  /// The TLS handshake failed, or the certificate is not trusted.
  case tls(origin: String, detail: String)
  /// The connection broke before the response was complete.
  case connectionLost(origin: String, detail: String)
  /// The response is longer than the request allows.
  case tooLarge(origin: String, limit: Int)
  /// The response is not valid HTTP.
  case malformedResponse(origin: String, detail: String)
  /// The caller's task was cancelled, or the client was closed.
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
