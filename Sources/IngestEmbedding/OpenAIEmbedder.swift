private import FoundationEssentials
package import IngestCore
package import IngestHTTPClient
private import Synchronization

/// An embedder that calls any server with OpenAI's `/v1/embeddings`: OpenAI itself, Ollama, TEI, vLLM, LM Studio,
/// llama.cpp.
///
/// A request never exceeds the batch limits. If a request is refused, its batch is halved until the refused text is
/// alone, so one bad text does not affect its neighbours. The embedder does not retry by itself; the engine does, as
/// the failure says. After a failure it starts no new request, and waits for those in progress, because they are paid
/// for.
package final class OpenAIEmbedder: PartwiseEmbedder {
  package let spec: EmbedderSpec
  package var isFree: Bool { false }

  let settings: EmbedderSettings
  private let key: Secret?
  private let client: HTTPClient
  private let gate: CallGate?
  /// The name of the breaker: the provider, model and server.
  package let dependency: String
  private let requests: ConcurrencyLimit
  /// The configured limits, lowered to the sizes that the server has accepted.
  private let limits: Mutex<BatchLimits>

  /// The number of refused texts in one call, while none is accepted, from which the request itself must be wrong.
  private static let refusalsWithoutAnswer = 8

  /// - Parameters:
  ///   - key: the bearer token. Nil sends none.
  ///   - gate: the gate around every request. Nil allows all requests.
  package init(
    _ settings: EmbedderSettings, spec: EmbedderSpec, key: Secret?, client: HTTPClient, gate: CallGate? = nil
  ) throws {
    guard settings.baseURL.hasPrefix("http://") || settings.baseURL.hasPrefix("https://") else {
      throw EmbeddingError.unusableSettings(
        embedder: spec.name, detail: "its base URL begins with neither http:// nor https://")
    }
    guard spec.dimensions > 0 else {
      throw EmbeddingError.unusableSettings(embedder: spec.name, detail: "\(spec.dimensions) dimensions")
    }
    self.settings = settings
    self.spec = spec
    self.key = key
    self.client = client
    self.gate = gate
    self.dependency = "embed:\(spec.provider):\(spec.model)@\(Self.host(settings.baseURL))"
    self.requests = ConcurrencyLimit(settings.concurrency)
    self.limits = Mutex(BatchLimits(settings))
  }

  package func embed(_ texts: [String]) async throws -> [[Float]] {
    let found = Mutex([[Float]?](repeating: nil, count: texts.count))
    let refused = try await embed(texts) { answers in
      found.withLock { found in
        for answer in answers { found[answer.position] = answer.vector }
      }
    }
    let vectors = found.withLock { $0 }
    guard refused.isEmpty else { throw EmbeddingPartialFailure(vectors: vectors, refused: refused) }
    return vectors.compactMap { $0 }
  }

  package func embed(
    _ texts: [String], answered: @escaping @Sendable ([EmbeddedText]) async throws -> Void
  ) async throws -> [Int: Failure] {
    let call = Call(texts: texts, answered: answered)
    for position in texts.indices where texts[position].isEmpty {
      call.refuse(position, .emptyText)
    }
    let batches = limits.withLock { $0 }.batches(texts.indices.filter { !texts[$0].isEmpty }, of: texts)
    let failure = await withTaskGroup(of: (any Error)?.self) { group in
      var rest = batches.makeIterator()
      var failure: (any Error)?
      func begin() {
        guard failure == nil, let batch = rest.next() else { return }
        group.addTask { [self] in
          do {
            _ = try await settle(batch[...], call)
            return nil
          } catch {
            return error
          }
        }
      }
      for _ in 0..<max(1, settings.concurrency) { begin() }
      while let ended = await group.next() {
        failure = failure ?? ended
        begin()
      }
      return failure
    }
    if let failure { throw failure }
    return call.refused
  }

  /// Requests the batch until each of its texts has a vector or is refused.
  /// - Returns: whether no text was refused.
  private func settle(_ batch: ArraySlice<Int>, _ call: Call) async throws -> Bool {
    let texts = batch.map { call.texts[$0] }
    let verdict: ProviderVerdict
    do {
      verdict = try await requests.run {
        try Task.checkCancellation()
        return try await answer(to: texts)
      }
    } catch let failure as Failure where failure.reason == .callTooLarge && batch.count > 1 {
      return try await halve(batch, call)
    }
    switch verdict {
    case .vectors(let answer):
      try await accept(answer, batch, call)
      return true
    case .failed(let error):
      throw parked(error)
    case .tooMuch(let detail):
      if let position = only(batch) {
        let bytes = texts[0].utf8.count
        call.refuse(position, .textTooLong(embedder: spec.name, bytes: bytes, detail: detail))
        return false
      }
      let tokens = texts.reduce(0) { $0 + BatchLimits.tokens(of: $1) }
      limits.withLock { $0.tokens = max(1, min($0.tokens, tokens / 2)) }
      return try await halve(batch, call)
    case .refused(let status, let detail):
      if let position = only(batch) {
        let refusal = EmbeddingError.textRefused(embedder: spec.name, status: status, detail: detail)
        if call.refuse(position, refusal) >= Self.refusalsWithoutAnswer {
          throw EmbeddingError.requestRefused(embedder: spec.name, status: status, detail: detail)
        }
        return false
      }
      let accepted = try await halve(batch, call)
      // The halves were accepted, so the number of texts was too high.
      if accepted { limits.withLock { $0.texts = max(1, min($0.texts, batch.count - batch.count / 2)) } }
      return accepted
    }
  }

  private func halve(_ batch: ArraySlice<Int>, _ call: Call) async throws -> Bool {
    let middle = batch.startIndex + batch.count / 2
    let first = try await settle(batch[..<middle], call)
    let second = try await settle(batch[middle...], call)
    return first && second
  }

  private func only(_ batch: ArraySlice<Int>) -> Int? { batch.count == 1 ? batch.first : nil }

  /// Delivers the good vectors. Bad vectors make the call fail afterwards, and the retry requests only those.
  private func accept(_ answer: EmbeddingAnswer, _ batch: ArraySlice<Int>, _ call: Call) async throws {
    var good: [EmbeddedText] = []
    var problem: EmbeddingAnswer.Problem?
    for (position, vector) in zip(batch, answer.vectors) {
      switch vector {
      case .success(let vector): good.append(EmbeddedText(position: position, vector: vector))
      case .failure(let error): problem = error
      }
    }
    if !good.isEmpty { try await call.deliver(good) }
    if let problem { throw EmbeddingError.badAnswer(embedder: spec.name, detail: problem.description) }
  }

  private struct Body: Encodable {
    var model: String
    var input: [String]
    var encoding_format: String
    var dimensions: Int?
  }

  /// Sends the request if the gate allows it, and reports the outcome to the gate.
  private func answer(to texts: [String]) async throws -> ProviderVerdict {
    let request = try request(texts)
    let permit = try await gate?.enter(
      DependencyCall(
        dependency: dependency, provider: spec.name, tokens: texts.reduce(0) { $0 + BatchLimits.tokens(of: $1) }))
    let response: HTTPResponse
    do {
      response = try await client.send(request)
    } catch {
      let unreachable = EmbeddingError.unreachable(embedder: spec.name, error)
      await gate?.leave(permit, DependencyCallEnd(error, failure: unreachable.failure))
      throw unreachable
    }
    let verdict = ProviderVerdict.decide(
      response, count: texts.count, spec: spec, hiding: key?.reveal())
    await gate?.leave(permit, DependencyCallEnd(verdict, headers: response.headers, status: response.status))
    return verdict
  }

  /// Returns the error for the engine. A throttled call names the dependency, so that its job parks at the gate like
  /// the jobs that the gate itself holds back.
  private func parked(_ error: EmbeddingError) -> any Error {
    guard gate != nil, case .throttled = error else { return error }
    var failure = error.failure
    failure.dependency = dependency
    failure.retryAfter = failure.retryAfter ?? CallGate.unsaidWait
    return failure
  }

  /// Returns host and port of an address.
  private static func host(_ address: String) -> String {
    let rest = address.split(separator: "://", maxSplits: 1).last ?? ""
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return (authority.split(separator: "@").last ?? authority).lowercased()
  }

  private func request(_ texts: [String]) throws -> HTTPRequest {
    let body = Body(
      model: spec.model, input: texts, encoding_format: settings.encoding.rawValue,
      dimensions: settings.requestsDimensions ? spec.dimensions : nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var headers: HTTPHeaders = [
      "Content-Type": "application/json", "Accept": "application/json", "User-Agent": "ingestd",
    ]
    if let key { headers["Authorization"] = "Bearer \(key.reveal())" }
    let base = settings.baseURL.hasSuffix("/") ? String(settings.baseURL.dropLast()) : settings.baseURL
    return HTTPRequest(
      "POST", url: base + "/embeddings", headers: headers, body: Array(try encoder.encode(body)),
      timeout: settings.requestTimeout, connectTimeout: settings.connectTimeout,
      // Leaves room for more dimensions than expected, so that the error can name their number.
      maximumResponse: 1 << 20 + texts.count * max(8192, spec.dimensions) * 32)
  }
}

/// The state that the tasks of one call share.
private final class Call: Sendable {
  private struct State {
    var refused: [Int: EmbeddingError] = [:]
    /// The number of texts that the provider refused for their content.
    var contents = 0
    var answered = false
  }

  let texts: [String]
  private let answered: @Sendable ([EmbeddedText]) async throws -> Void
  private let state = Mutex(State())

  init(texts: [String], answered: @escaping @Sendable ([EmbeddedText]) async throws -> Void) {
    self.texts = texts
    self.answered = answered
  }

  var refused: [Int: Failure] { state.withLock { $0.refused.mapValues(\.failure) } }

  /// Records a refused text.
  /// - Returns: the number of texts refused for their content, or 0 if any text has a vector.
  @discardableResult
  func refuse(_ position: Int, _ error: EmbeddingError) -> Int {
    state.withLock { state in
      state.refused[position] = error
      if case .textRefused = error { state.contents += 1 }
      return state.answered ? 0 : state.contents
    }
  }

  func deliver(_ vectors: [EmbeddedText]) async throws {
    state.withLock { $0.answered = true }
    try await answered(vectors)
  }
}
