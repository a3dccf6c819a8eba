import IngestCore
import IngestEmbedding
import IngestStore
import IngestTestKit
import Testing

/// The real cache, in a database.
@Suite struct RealCacheTests {
  @Test("a new process pays only for texts without a committed answer")
  func restart() async throws {
    let fixture = try await StoreFixture()
    let provider = try OpenAIFixture(script: [.good, .status(500)]) { $0.batchTexts = 3 }
    let first = CachedEmbedder(provider.embedder, cache: fixture.store)
    #expect(await failure { _ = try await first.vectors(for: texts(0..<9)) }?.code == "EMBEDDER_FAILED")
    let second = CachedEmbedder(provider.embedder, cache: fixture.store)
    let vectors = try await second.vectors(for: texts(0..<9))
    for (text, vector) in zip(texts(0..<9), vectors) { #expect(close(vector, expected(text))) }
    #expect(provider.server.paid == [texts(0..<3), texts(3..<6), texts(6..<9)])
  }
}
