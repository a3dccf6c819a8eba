/// The settings of one configured embedder that change no vector: how to reach it, and how much to send at a time. Its
/// ``EmbedderSpec`` holds the rest.
package struct EmbedderSettings: Hashable, Sendable {
  /// The known values of `provider`.
  package static let providers = ["hash", "openai"]

  /// The name that generations and `--embedder` use.
  package var name: String
  /// One of ``providers``.
  package var provider: String
  /// The provider's name for the model; `hash/1` for `hash`.
  package var model: String
  /// The length of every vector; an answer with another length is refused.
  package var dimensions: Int
  /// Whether the request contains ``dimensions``. Only some models can shorten their vectors; others refuse the field.
  package var requestsDimensions: Bool
  /// Added before each text of a document.
  package var documentPrefix: String
  /// Added before each query.
  package var queryPrefix: String
  /// The address before `/embeddings`, such as `https://api.openai.com/v1` or `http://127.0.0.1:11434/v1`.
  package var baseURL: String
  /// The place of the key; nil for servers that need none.
  package var apiKey: SecretSource?
  /// The encoding of vectors in the answer.
  package var encoding: Encoding
  /// The largest number of texts in one request.
  package var batchTexts: Int
  /// The largest number of tokens in one request, by an estimate that errs on the high side (one token per 3 bytes of
  /// UTF-8).
  package var batchTokens: Int
  /// The largest number of bytes of text in one request.
  package var batchBytes: Int
  /// The number of requests at once from one process.
  package var concurrency: Int
  package var connectTimeout: Duration
  /// The time from the start of a request to the end of its answer.
  package var requestTimeout: Duration
  /// The provider's limits, for all processes together; nil for no known limit.
  package var requestsPerMinute: Int?
  package var tokensPerMinute: Int?

  package enum Encoding: String, Codable, Sendable, CaseIterable {
    /// JSON numbers, which every server supports.
    case float
    /// Little-endian 32-bit floats: a third of the bytes, where the server supports it.
    case base64
  }

  package init(
    name: String, provider: String, model: String, dimensions: Int, requestsDimensions: Bool = false,
    documentPrefix: String = "", queryPrefix: String = "", baseURL: String = "https://api.openai.com/v1",
    apiKey: SecretSource? = nil, encoding: Encoding = .float, batchTexts: Int = 64, batchTokens: Int = 100_000,
    batchBytes: Int = 1_000_000, concurrency: Int = 4, connectTimeout: Duration = .seconds(10),
    requestTimeout: Duration = .seconds(120), requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil
  ) {
    self.name = name
    self.provider = provider
    self.model = model
    self.dimensions = dimensions
    self.requestsDimensions = requestsDimensions
    self.documentPrefix = documentPrefix
    self.queryPrefix = queryPrefix
    self.baseURL = baseURL
    self.apiKey = apiKey
    self.encoding = encoding
    self.batchTexts = batchTexts
    self.batchTokens = batchTokens
    self.batchBytes = batchBytes
    self.concurrency = concurrency
    self.connectTimeout = connectTimeout
    self.requestTimeout = requestTimeout
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
  }

  /// The built-in embedder, which needs no configuration.
  package static let hash = EmbedderSettings(name: "hash", provider: "hash", model: "hash/1", dimensions: 384)

  /// ``requestsPerMinute`` as a limit. A tenth of it is the burst, and no minute has more than the whole.
  package var requestLimit: RateSpec? { requestsPerMinute.flatMap { Self.limit($0, atOnce: $0 / 10) } }

  /// ``tokensPerMinute`` as a limit. Its burst is one request, but at most half of the limit and, unless that is less,
  /// at least a tenth.
  package var tokenLimit: RateSpec? {
    tokensPerMinute.flatMap { Self.limit($0, atOnce: min($0 / 2, max($0 / 10, batchTokens))) }
  }

  /// The largest number of tokens in one request. A request heavier than the bucket would break the bucket's bound.
  package var requestTokens: Int { min(batchTokens, tokenLimit.map { $0.burst + 1 } ?? batchTokens) }

  private static func limit(_ perMinute: Int, atOnce burst: Int) -> RateSpec? {
    try? RateSpec(limit: perMinute - burst, period: .seconds(60), burst: burst)
  }

  /// The part that a generation records.
  package var spec: EmbedderSpec {
    EmbedderSpec(
      name: name, provider: provider, model: model, dimensions: dimensions, documentPrefix: documentPrefix,
      queryPrefix: queryPrefix)
  }
}
