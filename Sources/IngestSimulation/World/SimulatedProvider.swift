import IngestCore
import IngestHTTPClient

/// The embedding servers that all workers call, and the texts they were paid for.
///
/// `@unchecked`: confined to the kernel's thread.
final class SimulatedProvider: @unchecked Sendable {
  static let dimensions = 8
  /// A text with this word is refused on every request.
  static let refusedWord = "unspeakable"

  /// The two models. They differ only in their vectors.
  static let models = ["alpha", "beta"]

  static func settings(_ model: String) -> EmbedderSettings {
    EmbedderSettings(
      name: model, provider: "openai", model: model, dimensions: dimensions,
      baseURL: "http://\(model).test/v1",
      batchTexts: 4, concurrency: 2, requestTimeout: .seconds(10))
  }

  private let random: RandomStream
  private var outageUntil: Int64 = 0

  init(random: RandomStream) { self.random = random }

  /// Returns the only vector that a model has for a text.
  static func vector(_ model: String, _ text: String) -> [Float] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in model.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var generator = SplitMix(seed: hash)
    // Multiples of 1/8 are exact in decimal and in binary.
    let raw = (0..<dimensions).map { _ in Float(Int(generator.next() % 17) - 8) / 8 }
    let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? raw.map { $0 / norm } : [1] + [Float](repeating: 0, count: dimensions - 1)
  }

  func answer(
    _ request: HTTPRequest, for host: WorkerHost
  ) async -> Result<HTTPResponse, HTTPClientError> {
    let origin = String(request.url.prefix { $0 != "?" })
    guard host.isOpen else { return .failure(.cancelled) }
    guard let (model, texts) = Self.read(request.body ?? []) else {
      return .success(
        HTTPResponse(status: 400, body: Array("{\"error\":{\"message\":\"unreadable\"}}".utf8)))
    }
    await pause(host, .milliseconds(5)...(.milliseconds(80)))
    if host.world.isStormy, host.world.plan.has(.providerFailures) {
      if let failure = await misbehave(model, host, origin, request.timeout) { return failure }
    }
    guard !Task.isCancelled, host.isOpen else { return .failure(.cancelled) }
    if texts.contains(where: { $0.contains(Self.refusedWord) }) {
      let body =
        "{\"error\":{\"message\":\"the text is refused\",\"type\":\"invalid_request_error\"}}"
      return .success(HTTPResponse(status: 400, body: Array(body.utf8)))
    }
    host.world.oracle.paid(model, texts, by: host)
    let vectors = texts.enumerated().map { place, text in
      let vector = Self.vector(model, text).map { "\($0)" }.joined(separator: ",")
      return "{\"object\":\"embedding\",\"index\":\(place),\"embedding\":[\(vector)]}"
    }
    let body =
      "{\"object\":\"list\",\"model\":\"\(model)\",\"data\":[\(vectors.joined(separator: ","))]}"
    // Leaves time between the answer and the write to the cache.
    await pause(host, .zero...(.milliseconds(50)))
    return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
  }

  private func pause(_ host: WorkerHost, _ range: ClosedRange<Duration>) async {
    try? await host.clock.sleep(for: random.time(range))
  }

  private func misbehave(
    _ model: String, _ host: WorkerHost, _ origin: String, _ timeout: Duration
  ) async -> Result<HTTPResponse, HTTPClientError>? {
    let now = host.world.kernel.elapsed
    if random.chance(25) {
      outageUntil = now + random.time(.seconds(1)...(.seconds(15))).microseconds
      host.world.trace.note(model, "is down for \((outageUntil - now) / 1000) ms")
    }
    if now < outageUntil {
      let body = Array("{\"error\":{\"message\":\"overloaded\"}}".utf8)
      return .success(HTTPResponse(status: 503, body: body))
    }
    switch random.pick(100) {
    case 0..<4: return .success(HTTPResponse(status: 500, body: Array("{}".utf8)))
    case 4..<7:
      let wait = random.pick(1...5)
      return .success(
        HTTPResponse(
          status: 429, headers: ["Retry-After": "\(wait)"],
          body: Array("{\"error\":{\"message\":\"slow\"}}".utf8)))
    case 7..<9:
      try? await host.clock.sleep(for: timeout)
      return .failure(Task.isCancelled ? .cancelled : .timeout(origin: origin, after: timeout))
    case 9: return .failure(.connectionLost(origin: origin, detail: "reset"))
    case 10: return .success(HTTPResponse(status: 200, body: Array("{\"data\":[]}".utf8)))
    case 11..<15:
      await pause(host, .seconds(1)...(.seconds(6)))
      return nil
    default: return nil
    }
  }

  private static func read(_ body: [UInt8]) -> (model: String, texts: [String])? {
    guard case .object(let fields)? = JSONValue(parsing: body),
      case .text(let model)? = fields["model"], case .list(let inputs)? = fields["input"]
    else { return nil }
    let texts = inputs.compactMap { if case .text(let text) = $0 { text } else { nil } }
    return texts.count == inputs.count ? (model, texts) : nil
  }
}
