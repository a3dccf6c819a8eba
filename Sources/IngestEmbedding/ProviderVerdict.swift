package import IngestCore
package import IngestHTTPClient

/// The meaning of a provider's response, decided from its status, its codes and whether it keeps the contract.
package enum ProviderVerdict {
  case vectors(EmbeddingAnswer)
  /// The request was too large. Smaller requests with the same texts may be accepted.
  case tooMuch(detail: String)
  /// At least one of the texts is not accepted.
  case refused(status: Int, detail: String)
  case failed(EmbeddingError)

  package static func decide(
    _ response: HTTPResponse, count: Int, spec: EmbedderSpec, hiding secret: String?
  ) -> ProviderVerdict {
    let status = response.status
    let (embedder, model) = (spec.name, spec.model)
    if (200..<300).contains(status) { return decide(vectors: response.body, count: count, spec: spec) }
    let error = ProviderError(status: status, body: response.body, hiding: secret)
    let detail = error.message
    switch status {
    case 300..<400:
      return .failed(.requestRefused(embedder: embedder, status: status, detail: "it redirects to another address"))
    case 401, 403:
      return .failed(.unauthorized(embedder: embedder, status: status, detail: detail))
    case 402:
      return .failed(.quotaExhausted(embedder: embedder, detail: detail))
    case 404:
      return .failed(.unknownModel(embedder: embedder, model: model, detail: detail))
    case 429:
      let spent: Set = ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"]
      if [error.code, error.type].contains(where: { spent.contains($0 ?? "") }) {
        return .failed(.quotaExhausted(embedder: embedder, detail: detail))
      }
      return .failed(
        .throttled(embedder: embedder, retryAfter: RetryAfter.duration(response.headers), detail: detail))
    case 413:
      return .tooMuch(detail: detail)
    case 400, 422:
      return decide(badRequest: error, status: status, embedder: embedder, model: model)
    // TEI returns 424 if its back end failed. The others mean that a later try may succeed.
    case 408, 409, 424, 425, 499, 500, 502..<505, 506...:
      return .failed(
        .serverFailed(
          embedder: embedder, status: status, retryAfter: RetryAfter.duration(response.headers), detail: detail))
    default:
      return .failed(.requestRefused(embedder: embedder, status: status, detail: detail))
    }
  }

  private static func decide(vectors body: [UInt8], count: Int, spec: EmbedderSpec) -> ProviderVerdict {
    do {
      return .vectors(try EmbeddingAnswer(body, count: count, dimensions: spec.dimensions))
    } catch {
      if case .dimension(let found) = error {
        return .failed(.wrongDimension(embedder: spec.name, expected: spec.dimensions, found: found))
      }
      return .failed(.badAnswer(embedder: spec.name, detail: error.description))
    }
  }

  private static func decide(
    badRequest error: ProviderError, status: Int, embedder: String, model: String
  ) -> ProviderVerdict {
    switch (error.code, error.parameter) {
    case ("max_tokens_per_request", _): .tooMuch(detail: error.message)
    case ("model_not_found", _), (_, "model"):
      .failed(.unknownModel(embedder: embedder, model: model, detail: error.message))
    case ("invalid_api_key", _):
      .failed(.unauthorized(embedder: embedder, status: status, detail: error.message))
    case (_, "dimensions"), (_, "encoding_format"), (_, "user"):
      .failed(.requestRefused(embedder: embedder, status: status, detail: error.message))
    default: .refused(status: status, detail: error.message)
    }
  }
}
