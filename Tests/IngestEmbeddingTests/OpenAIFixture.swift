import IngestCore
import IngestEmbedding
import IngestHTTPClient
import IngestTestKit
import Synchronization
import Testing

/// An embedder and the server that it calls.
struct OpenAIFixture {
  let server: EmbeddingServer
  let embedder: OpenAIEmbedder

  init(
    script: [EmbeddingServer.Behaviour] = [], limits: EmbeddingServer.Limits = .init(), key: Secret? = nil,
    listens: Bool = true, _ change: (inout EmbedderSettings) -> Void = { _ in }
  ) throws {
    server = try EmbeddingServer(dimensions: 8, limits: limits, script: script, listens: listens)
    var settings = EmbedderSettings(
      name: "test", provider: "openai", model: "m", dimensions: 8, baseURL: server.baseURL, concurrency: 1)
    change(&settings)
    embedder = try OpenAIEmbedder(settings, spec: settings.spec, key: key, client: HTTPClient())
  }

  /// The number of texts in each request, in order.
  var requested: [Int] { server.http.requests.map { $0.text.components(of: "text") } }
}

extension String {
  /// Returns how often a word occurs.
  func components(of word: String) -> Int { split(separator: word, omittingEmptySubsequences: false).count - 1 }
}

func texts(_ range: Range<Int>) -> [String] { range.map { "text number \($0)" } }

/// Returns the normalised form of the server's vector.
func expected(_ text: String) -> [Float] {
  let vector = EmbeddingServer.vector(text, dimensions: 8)
  let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  return vector.map { Float(Double($0) / length) }
}

func close(_ left: [Float]?, _ right: [Float]) -> Bool {
  guard let left, left.count == right.count else { return false }
  return zip(left, right).allSatisfy { abs($0 - $1) < 1e-6 }
}

/// Returns what `body` throws, as the engine sees it.
func failure(_ body: () async throws -> Void) async -> Failure? {
  do {
    try await body()
    return nil
  } catch {
    return Failure(error)
  }
}

/// A cache in memory.
final class MemoryCache: EmbeddingCache {
  private let state = Mutex<[String: [ContentHash: [Float]]]>([:])
  let stores = Mutex<[Int]>([])

  func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?] {
    state.withLock { state in texts.map { state[embedder]?[$0] } }
  }

  func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws {
    state.withLock { state in
      for entry in vectors { state[embedder, default: [:]][entry.text] = entry.vector }
    }
    stores.withLock { $0.append(vectors.count) }
  }

  var count: Int { state.withLock { $0.values.reduce(0) { $0 + $1.count } } }
}
