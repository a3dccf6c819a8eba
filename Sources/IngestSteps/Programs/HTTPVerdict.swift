package import IngestCore
import IngestEmbedding
package import IngestHTTPClient

/// The meaning of a server's response: the step's result, or a failure of one kind.
package struct HTTPVerdict {
  package let server: HTTPOrigin

  package init(server: HTTPOrigin) { self.server = server }

  /// Returns the step's result as JSON in one line: the object in the response, or `{"status": 204}` if it has none.
  package func result(_ response: HTTPResponse) throws(Failure) -> String {
    guard (200..<300).contains(response.status) else { throw failed(response) }
    guard let value = JSONValue(parsing: response.body), case .object = value else {
      return JSONValue.object(["status": .integer(response.status)]).description
    }
    let text = value.description
    guard text.utf8.count <= StepOutput.resultLimit else {
      throw Failure(
        .permanent, code: "HTTP_RESULT_TOO_LARGE",
        "\(server.name) returned a result of \(text.utf8.count) bytes; at most \(StepOutput.resultLimit) are allowed.",
        hint: "Store large data elsewhere and return its location.")
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
        ? "\(server.name) returned status \(status), a redirect, which the step does not follow."
        : "\(server.name) returned status \(status).",
      hint: isRedirect ? "Put the final address into the workflow." : "See the server's log for the reason.")
    failure.retryAfter = RetryAfter.duration(response.headers)
    return ReportedFailure(JSONValue(parsing: response.body))?.over(failure) ?? failure
  }

  /// Converts an error of the client, which means that there is no response, to a failure.
  func failure(for error: any Error, limit: Int) -> any Error {
    guard let error = error as? HTTPClientError else { return error }
    let (kind, code, hint): (Failure.Kind, String, Hint) =
      switch error {
      case .cancelled: (.cancelled, "CANCELLED", "")
      case .malformedRequest: (.permanent, "HTTP_REQUEST_INVALID", "Fix `url` or `headers` in the workflow.")
      case .tooLarge:
        (.permanent, "HTTP_ANSWER_TOO_LARGE", "Return less, or raise `answer-limit`, which is \(limit) bytes.")
      case .unresolvedHost: (.transient, "HTTP_HOST_UNKNOWN", "Check the host name in `url` and the name server.")
      case .refused: (.transient, "HTTP_REFUSED", "Check that the server runs and that this machine can reach it.")
      case .timeout: (.transient, "HTTP_TIMEOUT", "If the server only needs more time, raise `answer-timeout`.")
      case .tls: (.transient, "HTTP_TLS", "Check the server's certificate and this machine's clock.")
      case .connectionLost: (.transient, "HTTP_CONNECTION_LOST", "The step is retried.")
      case .malformedResponse: (.transient, "HTTP_ANSWER_INVALID", "Check that an HTTP server listens at `url`.")
      }
    return Failure(kind, code: code, "The call failed: \(error).", hint: hint)
  }
}
