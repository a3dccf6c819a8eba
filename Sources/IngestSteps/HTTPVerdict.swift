package import IngestCore
import IngestEmbedding
package import IngestHTTPClient

/// What a server's answer means: the step's result, or a failure of one kind.
package struct HTTPVerdict {
  package let server: HTTPOrigin

  package init(server: HTTPOrigin) { self.server = server }

  /// JSON, in one line: the answer's object, or `{"status": 204}` where it is none.
  package func result(_ response: HTTPResponse) throws(Failure) -> String {
    guard (200..<300).contains(response.status) else { throw failed(response) }
    guard let value = JSONValue(parsing: response.body), case .object = value else {
      return JSONValue.object(["status": .integer(response.status)]).description
    }
    let text = value.description
    guard text.utf8.count <= StepOutput.resultLimit else {
      throw Failure(
        .permanent, code: "HTTP_RESULT_TOO_LARGE",
        "\(server.name) answered with a result of \(text.utf8.count) bytes; \(StepOutput.resultLimit) are the most.",
        hint: "Keep large things elsewhere, and answer where they are.")
    }
    return text
  }

  private func failed(_ response: HTTPResponse) -> Failure {
    let status = response.status
    let kind: Failure.Kind =
      switch status {
      case 408, 425, 429: .throttled
      case 500...: .transient
      default: .permanent
      }
    let isRedirect = (300..<400).contains(status)
    var failure = Failure(
      kind, code: isRedirect ? "HTTP_REDIRECTED" : "HTTP_STATUS",
      isRedirect
        ? "\(server.name) answered \(status): it redirects elsewhere, and that is not followed."
        : "\(server.name) answered \(status).",
      hint: isRedirect ? "Put the final address into the workflow." : "The server's own log says why.")
    failure.retryAfter = RetryAfter.duration(response.headers)
    return ToldFailure(JSONValue(parsing: response.body))?.over(failure) ?? failure
  }

  /// Why there is no answer.
  func told(_ error: any Error, limit: Int) -> any Error {
    guard let error = error as? HTTPClientError else { return error }
    let (kind, code, hint): (Failure.Kind, String, Hint) =
      switch error {
      case .cancelled: (.cancelled, "CANCELLED", "")
      case .malformedRequest: (.permanent, "HTTP_REQUEST_INVALID", "Mend `url` or `headers` in the workflow.")
      case .tooLarge:
        (.permanent, "HTTP_ANSWER_TOO_LARGE", "Answer with less, or raise `answer-limit`; \(limit) bytes are the most.")
      case .unresolvedHost: (.transient, "HTTP_HOST_UNKNOWN", "Check the name in `url`, and the name server.")
      case .refused: (.transient, "HTTP_REFUSED", "Check that the server runs and can be reached from here.")
      case .timeout: (.transient, "HTTP_TIMEOUT", "Raise `answer-timeout` if the work is sound but long.")
      case .tls: (.transient, "HTTP_TLS", "Check the server's certificate, and the clock of this machine.")
      case .connectionLost: (.transient, "HTTP_CONNECTION_LOST", "It is tried again.")
      case .malformedResponse: (.transient, "HTTP_ANSWER_INVALID", "Check that an HTTP server listens there.")
      }
    return Failure(kind, code: code, "The call failed: \(error).", hint: hint)
  }
}
