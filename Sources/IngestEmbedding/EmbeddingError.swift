package import IngestCore
package import IngestHTTPClient

/// The reason why texts have no vectors.
package enum EmbeddingError: Error, Sendable, Hashable {
  // Errors of the configuration.
  case unknownEmbedder(String, known: [String])
  case unknownProvider(embedder: String, provider: String)
  case unknownModel(embedder: String, model: String, detail: String)
  case unusableSettings(embedder: String, detail: String)
  /// The key's variable is not set or empty, or its file cannot be read or is empty.
  case keyMissing(embedder: String, source: SecretSource)
  // Errors of the provider.
  case unreachable(embedder: String, HTTPClientError)
  case unauthorized(embedder: String, status: Int, detail: String)
  case throttled(embedder: String, retryAfter: Duration?, detail: String)
  case quotaExhausted(embedder: String, detail: String)
  /// A status 5xx or a similar one.
  case serverFailed(embedder: String, status: Int, retryAfter: Duration?, detail: String)
  /// The provider refuses every request.
  case requestRefused(embedder: String, status: Int, detail: String)
  /// The response breaks the contract.
  case badAnswer(embedder: String, detail: String)
  case wrongDimension(embedder: String, expected: Int, found: Int)
  // Errors of one text.
  case emptyText
  case textTooLong(embedder: String, bytes: Int, detail: String)
  case textRefused(embedder: String, status: Int, detail: String)
}

extension EmbeddingError: FailureConvertible {
  package var failure: Failure {
    var failure = report
    failure.reason = isOfText || failure.kind == .cancelled ? nil : .embedder
    return failure
  }

  /// Whether the error concerns one text only, so that other texts may get their vectors.
  private var isOfText: Bool {
    switch self {
    case .emptyText, .textTooLong, .textRefused: true
    case .unknownEmbedder, .unknownProvider, .unknownModel, .unusableSettings, .keyMissing, .unreachable, .unauthorized,
      .throttled, .quotaExhausted, .serverFailed, .requestRefused, .badAnswer, .wrongDimension:
      false
    }
  }

  private var report: Failure {
    switch self {
    case .unknownEmbedder(let name, let known):
      Failure(
        .exhausted, code: "EMBEDDER_UNKNOWN", "No embedder is called \(name).",
        hint: "Configure it, or use one of: \(known.joined(separator: ", ")).", category: .notFound)
    case .unknownProvider(let name, let provider):
      Failure(
        .permanent, code: "EMBEDDER_PROVIDER_UNKNOWN", "The embedder \(name) has the unknown provider \(provider).",
        hint: "Use one of: \(EmbedderSettings.providers.joined(separator: ", ")).", category: .invalid)
    case .unknownModel(let name, let model, let detail):
      Failure(
        .exhausted, code: "EMBEDDER_MODEL_UNKNOWN", "The embedder \(name) has no model \(model): \(detail).",
        hint: "Check the model's name, or make it available to the server (for Ollama: `ollama pull`).")
    case .unusableSettings(let name, let detail):
      Failure(
        .exhausted, code: "EMBEDDER_SETTINGS", "The embedder \(name) has unusable settings: \(detail).",
        hint: "Correct its settings; \(Action(.config)) shows where each is set.", category: .invalid)
    case .keyMissing(let name, .environment(let variable)):
      Failure(
        .exhausted, code: "EMBEDDER_KEY_MISSING", "The key of the embedder \(name) is not in $\(variable).",
        hint: "Set this variable for every worker, or set api-key-file to a file with the key.")
    case .keyMissing(let name, .file(let path)):
      Failure(
        .exhausted, code: "EMBEDDER_KEY_MISSING", "The key of the embedder \(name) cannot be read from \(path).",
        hint: "Put only the key into this file, and let the worker's user read it.")
    case .unreachable(_, .cancelled):
      Failure(.cancelled, code: "CANCELLED", "The request to the embedder was cancelled.", scope: .everyone)
    case .unreachable(let name, .timeout(let origin, let limit)):
      Failure(
        .transient, code: "EMBEDDER_TIMEOUT", "The embedder \(name) at \(origin) did not answer within \(limit).",
        hint: "The request is retried. If the server is slow, use smaller batches or a longer time-out.")
    case .unreachable(let name, .malformedRequest(let detail)):
      Failure(
        .permanent, code: "EMBEDDER_SETTINGS", "No request can be sent to the embedder \(name): \(detail).",
        hint: "Check its base URL and its key for wrong characters.", category: .invalid)
    case .unreachable(let name, .tooLarge(_, let limit)):
      Failure(
        .permanent, code: "EMBEDDER_BAD_ANSWER", "The embedder \(name) returned more than \(limit) bytes.",
        hint: "Check that its base URL is the address of an embedding server.")
    case .unreachable(let name, let error):
      Failure(
        .transient, code: "EMBEDDER_UNREACHABLE", "The embedder \(name) cannot be reached: \(error).",
        hint: "Check that the server runs and that its base URL is right. The request is retried.")
    case .unauthorized(let name, let status, let detail):
      Failure(
        .exhausted, code: "EMBEDDER_UNAUTHORIZED", "The embedder \(name) refuses the key (\(status)): \(detail).",
        hint: "Check the key and its permissions, then run \(Action(.jobRetry)).")
    case .throttled(let name, let wait, let detail):
      Failure(
        .throttled, code: "EMBEDDER_THROTTLED", "The embedder \(name) asks its callers to wait: \(detail).",
        hint: "The request is retried after the wait. Lower the embedder's concurrency to be throttled less.",
        category: .later,
        retryAfter: wait)
    case .quotaExhausted(let name, let detail):
      Failure(
        .exhausted, code: "EMBEDDER_QUOTA", "The quota of the embedder \(name) is used up: \(detail).",
        hint: "Raise the quota with the provider, then run \(Action(.jobRetry)). The jobs wait until then.",
        category: .later)
    case .serverFailed(let name, let status, let wait, let detail):
      Failure(
        .transient, code: "EMBEDDER_FAILED", "The embedder \(name) failed (\(status)): \(detail).",
        hint: "The request is retried. See the server's log for the cause.", retryAfter: wait)
    case .requestRefused(let name, let status, let detail):
      Failure(
        .permanent, code: "EMBEDDER_REFUSED", "The embedder \(name) refuses the request (\(status)): \(detail).",
        hint: "Check its base URL, model, dimensions and encoding.")
    case .badAnswer(let name, let detail):
      Failure(
        .transient, code: "EMBEDDER_BAD_ANSWER", "The embedder \(name) returned an unusable response: \(detail).",
        hint: "The request is retried. Check that its base URL is the address of an embedding server.")
    case .wrongDimension(let name, let expected, let found):
      Failure(
        .permanent, code: "EMBEDDER_DIMENSION",
        "The embedder \(name) returns vectors of \(found) dimensions, but \(expected) are configured.",
        hint: "Set its dimensions to \(found) and build a new generation, or use a model with \(expected) dimensions.")
    case .emptyText:
      Failure(
        .permanent, code: "EMBEDDING_EMPTY_TEXT", "An empty text has no vector.", hint: "Leave out empty texts.",
        category: .invalid)
    case .textTooLong(let name, let bytes, let detail):
      Failure(
        .permanent, code: "EMBEDDING_TEXT_TOO_LONG",
        "A text of \(bytes) bytes is too long for the embedder \(name): \(detail).",
        hint: "Build a generation with smaller chunks.")
    case .textRefused(let name, let status, let detail):
      Failure(
        .permanent, code: "EMBEDDING_REFUSED", "The embedder \(name) refuses a text (\(status)): \(detail).",
        hint: "Read the text with \(Action(.documentChunks)).")
    }
  }
}
