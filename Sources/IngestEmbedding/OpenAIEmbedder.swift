private import FoundationEssentials
package import IngestCore
package import IngestHTTPClient
private import Synchronization

/// Vectors from any server that speaks OpenAI's `/v1/embeddings`: OpenAI itself, Ollama, TEI, vLLM, LM Studio, llama.cpp.
///
/// One request never holds more than the batch limits; a request that is refused is halved until the text that is refused
/// stands alone, so that one bad text costs its neighbours nothing. It does not try again by itself: a failure says what
/// is to be done, and the engine does it. After a failure no new request is begun, and those under way are waited for,
/// since their answers will be paid for.
package final class OpenAIEmbedder: PartwiseEmbedder {
  package let spec: EmbedderSpec
  package var isFree: Bool { false }

  let settings: EmbedderSettings
  private let key: Secret?
  private let client: HTTPClient
  private let gate: CallGate?
  /// The server and model, as its breaker is called.
  package let dependency: String
  private let requests: ConcurrencyLimit
  /// What the server was seen to accept, where that is less than what is configured.
  private let limits: Mutex<BatchLimits>

  /// Refused texts in one call before it is the request, not the texts, that must be at fault.
  private static let refusalsWithoutAnswer = 8

  /// - Parameters:
  ///   - key: sent as a bearer token; nil sends none.
  ///   - gate: asked around every request; nil lets all go.
  package init(
    _ settings: EmbedderSettings, spec: EmbedderSpec, key: Secret?, client: HTTPClient, gate: CallGate? = nil
  ) throws {
    guard settings.baseURL.hasPrefix("http://") || settings.baseURL.hasPrefix("https://") else {
      throw EmbeddingError.unusableSettings(
        embedder: spec.name, detail: "its base URL begins neither http:// nor https://")
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

  /// Gets every text of the batch its vector or its refusal.
  /// - Returns: whether none was refused.
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
      throw told(error)
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
      // No text was at fault, so it was their number.
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

  /// Hands over the good vectors; bad ones make the call fail afterwards, and only they are asked for again.
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

  /// Asks, if the gate lets it, and tells the gate how that ended.
  private func answer(to texts: [String]) async throws -> ProviderVerdict {
    let request = try request(texts)
    let permit = try await gate?.enter(
      DependencyCall(
        dependency: dependency, provider: spec.name, tokens: texts.reduce(0) { $0 + BatchLimits.tokens(of: $1) }))
    let response: HTTPResponse
    do {
      response = try await client.send(request)
    } catch {
      let told = EmbeddingError.unreachable(embedder: spec.name, error)
      await gate?.leave(permit, DependencyCallEnd(error, told: told.failure))
      throw told
    }
    let verdict = ProviderVerdict.decide(
      response, count: texts.count, spec: spec, hiding: key?.reveal())
    await gate?.leave(permit, DependencyCallEnd(verdict, headers: response.headers, status: response.status))
    return verdict
  }

  /// Who is told to wait parks at the gate, where others wait who were told nothing.
  private func told(_ error: EmbeddingError) -> any Error {
    guard gate != nil, case .throttled = error else { return error }
    var failure = error.failure
    failure.dependency = dependency
    failure.retryAfter = failure.retryAfter ?? CallGate.unsaidWait
    return failure
  }

  /// Host and port of an address.
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
      // Room for more dimensions than were asked for, so that their number can be told.
      maximumResponse: 1 << 20 + texts.count * max(8192, spec.dimensions) * 32)
  }
}

/// What the tasks of one call share.
private final class Call: Sendable {
  private struct State {
    var refused: [Int: EmbeddingError] = [:]
    /// Those that the provider refused for what they say.
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

  /// - Returns: how many the provider refused for their content while no text was answered; 0 once one was.
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
