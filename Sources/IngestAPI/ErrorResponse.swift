package import IngestCore

/// The answer to a failed request. Every `error` in any response has the form of ``error``.
package struct ErrorResponse: Codable, Hashable, Sendable {
  package var error: ErrorBody

  package init(_ failure: Failure) { error = ErrorBody(failure) }
}

/// One failure with its causes.
package struct ErrorBody: Codable, Hashable, Sendable {
  package var kind: Failure.Kind
  package var category: Failure.Category
  /// Stable, `SCREAMING_SNAKE`.
  package var code: String
  package var message: String
  /// Empty if there is nothing to do.
  package var hint: Hint
  package var retryable: Bool
  package var retryAfterMs: Int64?
  package var dependency: String?
  package var step: String?
  package var attempt: Int?
  /// Nearest first.
  package var causes: [ErrorBody]

  package init(_ failure: Failure) {
    kind = failure.kind
    category = failure.category
    code = failure.code
    message = failure.message
    hint = failure.hint
    retryable = failure.retryable
    retryAfterMs = failure.retryAfter?.milliseconds
    dependency = failure.dependency
    step = failure.step
    attempt = failure.attempt
    causes = failure.causes.map(ErrorBody.init)
  }
}
