private import IngestCore

extension ConfigurationKey {
  static let embedders: [ConfigurationKey] = [
    .init("default-embedder", .name, .text(\.defaultEmbedder), "Embedder of new generations; `hash` is built in."),
    .init(
      embedder: "provider", .choice(EmbedderSettings.providers.filter { $0 != EmbedderSettings.hash.provider }),
      .text(\.provider), "Which protocol it speaks: `openai` is any server with `/v1/embeddings`."),
    .init(
      embedder: "model", .text(maximum: 200), isRequired: true, .text(\.model), "The model, as the server names it."),
    .init(
      embedder: "dimensions", .integer(1...65_536), isRequired: true, .integer(\.dimensions),
      "Numbers in each vector; an answer with another count is refused."),
    .init(
      embedder: "request-dimensions", .bool, .bool(\.requestsDimensions),
      "Whether to ask the server for that many; only some models can, others refuse."),
    .init(
      embedder: "base-url", .address, .text(\.baseURL), "Address of the server, up to and without `/embeddings`."),
    .init(
      embedder: "api-key-env", .variable,
      .init(
        get: { if case .environment(let name) = $0.apiKey { .text(name) } else { nil } },
        set: { $0.apiKey = $1.text.map { .environment($0) } }), "Environment variable that holds the key."),
    .init(
      embedder: "api-key-file", .path,
      .init(
        get: { if case .file(let path) = $0.apiKey { .text(path) } else { nil } },
        set: { $0.apiKey = $1.text.map { .file($0) } }), "File that holds the key and nothing else."),
    .init(
      embedder: "document-prefix", .text(maximum: 1000), .text(\.documentPrefix),
      "Put before each text of a document, as some models want."),
    .init(embedder: "query-prefix", .text(maximum: 1000), .text(\.queryPrefix), "Put before each query."),
    .init(
      embedder: "encoding", .choice(EmbedderSettings.Encoding.allCases.map(\.rawValue)), .choice(\.encoding),
      "How vectors travel; `base64` is a third of the bytes where the server can."),
    .init(embedder: "batch-inputs", .integer(1...2048), .integer(\.batchTexts), "Texts in one request."),
    .init(
      embedder: "batch-tokens", .integer(1...1_000_000), .integer(\.batchTokens), "Tokens in one request, estimated."),
    .init(
      embedder: "batch-size", .size(ByteSize(bytes: 1024)...ByteSize(bytes: 100 << 20)), .bytes(\.batchBytes),
      "Bytes of text in one request."),
    .init(embedder: "concurrency", .integer(1...256), .integer(\.concurrency), "Requests at once, in one process."),
    .init(
      embedder: "connect-timeout", .duration(.milliseconds(100) ... .seconds(300)), .duration(\.connectTimeout),
      "Time to reach the server."),
    .init(
      embedder: "requests-per-minute", .integer(1...10_000_000), .integer(\.requestsPerMinute),
      "Requests that the provider allows in a minute, by all processes together."),
    .init(
      embedder: "tokens-per-minute", .integer(1...1_000_000_000), .integer(\.tokensPerMinute),
      "Tokens likewise, estimated before a request and settled after it."),
    .init(
      embedder: "timeout", .duration(.milliseconds(100) ... .seconds(3600)), .duration(\.requestTimeout),
      "Time from the start of a request to the end of its answer."),
  ]
}
