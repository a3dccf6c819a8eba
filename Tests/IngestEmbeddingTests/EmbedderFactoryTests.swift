import FoundationEssentials
import IngestCore
import IngestEmbedding
import IngestTestKit
import Testing

@Suite struct EmbedderFactoryTests {
  private func settings(_ server: EmbeddingServer, key: SecretSource? = nil) -> EmbedderSettings {
    EmbedderSettings(
      name: "mine", provider: "openai", model: "m", dimensions: 8, queryPrefix: "q: ", baseURL: server.baseURL,
      apiKey: key)
  }

  @Test("the hash embedder exists without configuration, and is free")
  func hash() throws {
    let factory = EmbedderFactory(settings: [], cache: nil, environment: [:])
    #expect(factory.names == ["hash"])
    let embedder = try factory.embedder(for: try factory.spec(named: "hash"))
    #expect(embedder.isFree)
    #expect(embedder.spec.fingerprint == "hash:hash/1:384")
  }

  @Test("a generation's spec decides the vectors, and the settings decide how to reach the provider")
  func pinned() async throws {
    let server = try EmbeddingServer(dimensions: 8)
    let factory = EmbedderFactory(settings: [settings(server)], cache: nil, environment: [:])
    var spec = try factory.spec(named: "mine")
    #expect(spec.queryPrefix == "q: ")
    spec.model = "older"
    _ = try await factory.embedder(for: spec).embed(["a"])
    #expect(server.http.requests.first?.text.contains(#""model":"older""#) == true)
  }

  @Test("a paid embedder has the cache in front of it, and is made once")
  func cached() async throws {
    let server = try EmbeddingServer(dimensions: 8)
    let factory = EmbedderFactory(settings: [settings(server)], cache: MemoryCache(), environment: [:])
    let spec = try factory.spec(named: "mine")
    let first = try #require(try factory.embedder(for: spec) as? CachedEmbedder)
    #expect(try factory.embedder(for: spec) as? CachedEmbedder === first)
    _ = try await first.embed(["a"])
    _ = try await factory.embedder(for: spec).embed(["a"])
    #expect(server.paid == [["a"]])
  }

  @Test("a key comes from the environment or from a file, without surrounding white space")
  func keys() async throws {
    let server = try EmbeddingServer(dimensions: 8)
    let folder = try TemporaryFolder()
    try Data(" sk-file\n".utf8).write(to: URL(filePath: folder.file("key")))
    for (source, sent) in [
      (SecretSource.environment("KEY"), "Bearer sk-env"), (.file(folder.file("key")), "Bearer sk-file"),
    ] {
      let factory = EmbedderFactory(
        settings: [settings(server, key: source)], cache: nil, environment: ["KEY": "sk-env"])
      _ = try await factory.embedder(for: try factory.spec(named: "mine")).embed(["a"])
      #expect(server.http.requests.last?["Authorization"] == sent)
    }
  }

  @Test("an error for a missing key says where the key was expected")
  func keyMissing() throws {
    let server = try EmbeddingServer()
    for source in [SecretSource.environment("NO_KEY"), .environment("EMPTY"), .file("/nowhere/key")] {
      let factory = EmbedderFactory(settings: [settings(server, key: source)], cache: nil, environment: ["EMPTY": " "])
      let spec = try factory.spec(named: "mine")
      #expect(throws: EmbeddingError.keyMissing(embedder: "mine", source: source)) { try factory.embedder(for: spec) }
    }
  }

  @Test("an unknown name, provider or URL is refused with the known names")
  func unknown() async throws {
    let server = try EmbeddingServer()
    let factory = EmbedderFactory(settings: [settings(server)], cache: nil, environment: [:])
    #expect(throws: EmbeddingError.unknownEmbedder("nine", known: ["hash", "mine"])) { try factory.spec(named: "nine") }
    var spec = try factory.spec(named: "mine")
    spec.provider = "cohere"
    #expect(await failure { _ = try factory.embedder(for: spec) }?.code == "EMBEDDER_PROVIDER_UNKNOWN")
    var entry = settings(server)
    entry.baseURL = "localhost:11434"
    let wrong = EmbedderFactory(settings: [entry], cache: nil, environment: [:])
    #expect(await failure { _ = try wrong.embedder(for: entry.spec) }?.code == "EMBEDDER_SETTINGS")
  }
}
