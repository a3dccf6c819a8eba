private import IngestCore

extension ConfigurationKey {
  static let embedders: [ConfigurationKey] = [
    .init("default-embedder", .name, .text(\.defaultEmbedder), "The embedder of new generations; `hash` is built in."),
    .init(
      embedder: "provider", .choice(EmbedderSettings.providers.filter { $0 != EmbedderSettings.hash.provider }),
      .text(\.provider), "The server's protocol: `openai` is any server with `/v1/embeddings`."),
    .init(
      embedder: "model", .text(maximum: 200), isRequired: true, .text(\.model), "The model's name on the server."),
    .init(
      embedder: "dimensions", .integer(1...65_536), isRequired: true, .integer(\.dimensions),
      "The number of dimensions of each vector; a response with another number is an error."),
    .init(
      embedder: "request-dimensions", .bool, .bool(\.requestsDimensions),
      "Whether requests include the number of dimensions; only some models support it, others refuse."),
    .init(
      embedder: "base-url", .address, .text(\.baseURL), "The server's address, without `/embeddings` at the end."),
    .init(
      embedder: "api-key-env", .variable,
      .init(
        get: { if case .environment(let name) = $0.apiKey { .text(name) } else { nil } },
        set: { $0.apiKey = $1.text.map { .environment($0) } }), "The environment variable with the key."),
    .init(
      embedder: "api-key-file", .path,
      .init(
        get: { if case .file(let path) = $0.apiKey { .text(path) } else { nil } },
        set: { $0.apiKey = $1.text.map { .file($0) } }), "The file with the key and nothing else."),
    .init(
      embedder: "document-prefix", .text(maximum: 1000), .text(\.documentPrefix),
      "A prefix for each text of a document, which some models need."),
    .init(embedder: "query-prefix", .text(maximum: 1000), .text(\.queryPrefix), "A prefix for each query."),
    .init(
      embedder: "encoding", .choice(EmbedderSettings.Encoding.allCases.map(\.rawValue)), .choice(\.encoding),
      "The format of vectors in responses; `base64` needs a third of the bytes if the server supports it."),
    .init(embedder: "batch-inputs", .integer(1...2048), .integer(\.batchTexts), "The most texts in one request."),
    .init(
      embedder: "batch-tokens", .integer(1...1_000_000), .integer(\.batchTokens),
      "The most tokens in one request, estimated."),
    .init(
      embedder: "batch-size", .size(ByteSize(bytes: 1024)...ByteSize(bytes: 100 << 20)), .bytes(\.batchBytes),
      "The most bytes of text in one request."),
    .init(
      embedder: "concurrency", .integer(1...256), .integer(\.concurrency), "The most requests at once in one process."),
    .init(
      embedder: "connect-timeout", .duration(.milliseconds(100) ... .seconds(300)), .duration(\.connectTimeout),
      "The longest time to connect to the server."),
    .init(
      embedder: "requests-per-minute", .integer(1...10_000_000), .integer(\.requestsPerMinute),
      "The requests that the provider allows per minute, over all processes."),
    .init(
      embedder: "tokens-per-minute", .integer(1...1_000_000_000), .integer(\.tokensPerMinute),
      "The tokens that the provider allows per minute, estimated before a request and corrected after it."),
    .init(
      embedder: "timeout", .duration(.milliseconds(100) ... .seconds(3600)), .duration(\.requestTimeout),
      "The longest time from the start of a request to the end of its response."),
  ]
}
