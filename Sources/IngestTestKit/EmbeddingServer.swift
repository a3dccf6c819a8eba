import FoundationEssentials
import Synchronization

/// An OpenAI-compatible embedding server. Its vectors depend on the text alone, and it fails as scripted.
///
/// Requests take the behaviours of the script in order of arrival. After the script's end all behave as
/// ``Behaviour/good`` until ``turn(_:)`` changes that. The requests that were answered with vectors are those that a
/// customer would pay for: ``paid``.
package final class EmbeddingServer: Sendable {
  package enum Behaviour: Sendable {
    case good
    /// An error with this body, such as `{"error":{"message":"…"}}`.
    case status(Int, headers: [(String, String)] = [], body: String = "{}")
    case throttle(retryAfter: String?)
    case quota
    case hang
    case drop
    case dropMidBody
    case invalidJSON
    /// One vector too few.
    case missingOne
    /// One vector too many.
    case oneTooMany
    /// All vectors in reverse order, each with its true index.
    case reversed
    /// The second vector has the index of the first.
    case duplicateIndex
    /// The vector at this position contains `NaN`, as Python servers print it.
    case notANumber(Int)
    case zero(Int)
    case dimension(Int)
  }

  /// Limits of the server itself. They are checked before the script.
  package struct Limits: Sendable {
    /// A request that contains such a text is refused as a whole.
    package var refuses: @Sendable (String) -> Bool = { _ in false }
    /// Requests with more texts are refused as TEI does it.
    package var texts = Int.max
    /// Requests with more bytes of text are refused as OpenAI refuses too many tokens.
    package var bytes = Int.max

    package init() {}
  }

  /// A request that was answered with all its vectors.
  package struct Payment: Sendable {
    package var texts: [String]
    /// When the request had arrived, in microseconds since 1970.
    package var at: Int64
  }

  fileprivate struct State {
    var script: [Behaviour] = []
    var otherwise = Behaviour.good
    var paid: [Payment] = []
  }

  fileprivate struct Body: Decodable {
    var model: String
    var input: [String]
    var dimensions: Int?
    var encoding_format: String?
  }

  fileprivate final class Core: Sendable {
    let state = Mutex(State())
    let dimensions: Int
    let limits: Limits

    init(_ dimensions: Int, _ limits: Limits) {
      self.dimensions = dimensions
      self.limits = limits
    }
  }

  package let http: HTTPTestServer
  private let core: Core

  /// - Parameter listens: false makes a server that refuses all connections.
  package init(
    dimensions: Int = 8, limits: Limits = Limits(), script: [Behaviour] = [], listens: Bool = true
  ) throws {
    let core = Core(dimensions, limits)
    core.state.withLock { $0.script = script }
    self.core = core
    http = try HTTPTestServer(listens: listens) { core.answer($0) }
  }

  /// The base URL for an `openai` embedder.
  package var baseURL: String { http.url + "/v1" }
  /// The texts of each request that was answered with all its vectors.
  package var paid: [[String]] { payments.map(\.texts) }
  package var payments: [Payment] { core.state.withLock { $0.paid } }

  package func script(_ behaviours: [Behaviour]) { core.state.withLock { $0.script = behaviours } }

  /// Sets the behaviour after the end of the script.
  package func turn(_ behaviour: Behaviour) { core.state.withLock { $0.otherwise = behaviour } }

  /// Returns the vector of a text, not normalised.
  package static func vector(_ text: String, dimensions: Int) -> [Float] {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<dimensions).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
    }
  }
}

extension EmbeddingServer.Core {
  typealias Reply = HTTPTestServer.Reply

  func answer(_ request: HTTPTestServer.Request) -> Reply {
    guard request.method == "POST", request.path == "/v1/embeddings" else {
      return error(404, "no such path: \(request.path)")
    }
    guard let body = try? JSONDecoder().decode(EmbeddingServer.Body.self, from: Data(request.body)) else {
      return error(400, "not understood")
    }
    let behaviour = state.withLock { $0.script.isEmpty ? $0.otherwise : $0.script.removeFirst() }
    if case .good = behaviour {
      if body.input.contains(where: { $0.isEmpty || limits.refuses($0) }) { return error(400, "input not accepted") }
      if body.input.count > limits.texts { return error(422, "batch size > maximum allowed batch size") }
      if body.input.reduce(0, { $0 + $1.utf8.count }) > limits.bytes {
        return error(400, "too many tokens", code: "max_tokens_per_request")
      }
    }
    var vectors = body.input.map { EmbeddingServer.vector($0, dimensions: body.dimensions ?? dimensions) }
    var order = Array(vectors.indices)
    switch behaviour {
    case .good: state.withLock { $0.paid.append(.init(texts: body.input, at: request.at)) }
    case .status(let status, let headers, let text): return .answer(status, headers: headers, body: Array(text.utf8))
    case .throttle(let after):
      return .answer(
        429, headers: after.map { [("Retry-After", $0)] } ?? [],
        body: Array(#"{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}"#.utf8))
    case .quota: return error(429, "You exceeded your current quota", code: "insufficient_quota")
    case .hang: return .hang
    case .drop: return .drop
    case .dropMidBody: return .dropMidBody(200, body: render(vectors, order, body))
    case .invalidJSON: return .answer(200, body: Array(#"{"data":[{"index":0,"embedding":[0.1,"#.utf8))
    case .missingOne: order.removeLast()
    case .oneTooMany:
      vectors.append(vectors[0])
      order.append(vectors.count - 1)
    case .reversed:
      order.reverse()
      state.withLock { $0.paid.append(.init(texts: body.input, at: request.at)) }
    case .duplicateIndex: order[1] = 0
    case .notANumber(let position): vectors[position][0] = .nan
    case .zero(let position): vectors[position] = vectors[position].map { _ in 0 }
    case .dimension(let count): vectors = body.input.map { EmbeddingServer.vector($0, dimensions: count) }
    }
    return .answer(200, headers: [("Content-Type", "application/json")], body: render(vectors, order, body))
  }

  private func error(_ status: Int, _ message: String, code: String? = nil) -> Reply {
    let code = code.map { "\"\($0)\"" } ?? "null"
    let body = #"{"error":{"message":"\#(message)","type":"invalid_request_error","param":null,"code":\#(code)}}"#
    return .answer(status, headers: [("Content-Type", "application/json")], body: Array(body.utf8))
  }

  private func render(_ vectors: [[Float]], _ order: [Int], _ body: EmbeddingServer.Body) -> [UInt8] {
    let items = order.map { position -> String in
      let vector = vectors[position]
      let embedding: String
      if body.encoding_format == "base64" {
        let bytes = vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
        embedding = "\"\(Data(bytes).base64EncodedString())\""
      } else {
        embedding = "[" + vector.map { $0.isNaN ? "NaN" : "\($0)" }.joined(separator: ", ") + "]"
      }
      return #"{"object":"embedding","embedding":\#(embedding),"index":\#(position)}"#
    }
    let usage = #""usage":{"prompt_tokens":\#(body.input.count),"total_tokens":\#(body.input.count)}"#
    return Array(
      #"{"object":"list","data":[\#(items.joined(separator: ","))],"model":"\#(body.model)",\#(usage)}"#.utf8)
  }
}
