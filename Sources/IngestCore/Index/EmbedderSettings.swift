/// How one configured embedder is reached, and how much it is given at a time: all that its ``EmbedderSpec`` leaves out
/// because it changes no vector.
package struct EmbedderSettings: Hashable, Sendable {
  /// What is known under `provider`.
  package static let providers = ["hash", "openai"]

  /// What generations and `--embedder` call it.
  package var name: String
  /// One of ``providers``.
  package var provider: String
  /// As the provider names it; `hash/1` for `hash`.
  package var model: String
  /// Of every vector; an answer with another number is refused.
  package var dimensions: Int
  /// Whether the request asks for ``dimensions``: only some models can shorten their vectors, others refuse the field.
  package var requestsDimensions: Bool
  /// Put before each text of a document.
  package var documentPrefix: String
  /// Put before each query.
  package var queryPrefix: String
  /// Up to and without `/embeddings`, such as `https://api.openai.com/v1` or `http://127.0.0.1:11434/v1`.
  package var baseURL: String
  /// Where the key is; nil for servers that want none.
  package var apiKey: SecretSource?
  /// How vectors travel.
  package var encoding: Encoding
  /// Texts in one request, at most.
  package var batchTexts: Int
  /// Tokens in one request, at most, by an estimate that errs on the high side (one for each 3 bytes of UTF-8).
  package var batchTokens: Int
  /// Bytes of text in one request, at most.
  package var batchBytes: Int
  /// Requests at once, by one process.
  package var concurrency: Int
  package var connectTimeout: Duration
  /// From the start of a request to the end of its answer.
  package var requestTimeout: Duration
  /// What the provider allows, by all processes together; nil for no limit that we know of.
  package var requestsPerMinute: Int?
  package var tokensPerMinute: Int?

  package enum Encoding: String, Codable, Sendable, CaseIterable {
    /// JSON numbers: every server can.
    case float
    /// Little-endian 32-bit floats: a third of the bytes, where the server can.
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

  /// The embedder that needs no configuration.
  package static let hash = EmbedderSettings(name: "hash", provider: "hash", model: "hash/1", dimensions: 384)

  /// ``requestsPerMinute`` as a limit: a tenth of it may go at once, and no minute has more than the whole.
  package var requestLimit: RateSpec? { requestsPerMinute.flatMap { Self.limit($0, atOnce: $0 / 10) } }

  /// ``tokensPerMinute`` likewise: one request may go at once, which takes half of it at most.
  package var tokenLimit: RateSpec? {
    tokensPerMinute.flatMap { Self.limit($0, atOnce: min($0 / 2, max($0 / 10, batchTokens))) }
  }

  /// The most tokens that one request is given: one that is heavier than the bucket would break its bound.
  package var requestTokens: Int { min(batchTokens, tokenLimit.map { $0.burst + 1 } ?? batchTokens) }

  private static func limit(_ perMinute: Int, atOnce burst: Int) -> RateSpec? {
    try? RateSpec(limit: perMinute - burst, period: .seconds(60), burst: burst)
  }

  /// What a generation built with it records.
  package var spec: EmbedderSpec {
    EmbedderSpec(
      name: name, provider: provider, model: model, dimensions: dimensions, documentPrefix: documentPrefix,
      queryPrefix: queryPrefix)
  }
}
