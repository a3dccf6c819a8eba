import IngestCore
import IngestEmbedding
import IngestHTTPClient
import IngestTestKit
import Synchronization
import Testing

@Suite struct CachedEmbedderTests {
  @Test("a text is paid for once, within one call and over many calls")
  func once() async throws {
    let fixture = try OpenAIFixture { $0.batchTexts = 2 }
    let cache = MemoryCache()
    let embedder = CachedEmbedder(fixture.embedder, cache: cache)
    let asked = ["a", "b", "a", "c", "a"]
    let first = try await embedder.vectors(for: asked)
    for (text, vector) in zip(asked, first) { #expect(close(vector, expected(text))) }
    #expect(fixture.server.paid == [["a", "b"], ["c"]])
    let second = try await CachedEmbedder(fixture.embedder, cache: cache).vectors(for: ["c", "d", "a"])
    #expect(close(second[1], expected("d")))
    #expect(close(second[2], expected("a")))
    #expect(fixture.server.paid == [["a", "b"], ["c"], ["d"]])
  }

  @Test("another model or dimension shares no cached vectors, another name does")
  func fingerprint() async throws {
    let cache = MemoryCache()
    for change: (inout EmbedderSettings) -> Void in [{ _ in }, { $0.name = "other" }, { $0.model = "m2" }] {
      let fixture = try OpenAIFixture { change(&$0) }
      _ = try await CachedEmbedder(fixture.embedder, cache: cache).vectors(for: ["a"])
    }
    #expect(cache.count == 2)
  }

  @Test("each answer is stored and reported before the next one ends, so a failure loses only its own texts")
  func stored() async throws {
    let fixture = try OpenAIFixture(script: [.good, .good, .status(500)]) { $0.batchTexts = 2 }
    let cache = MemoryCache()
    let embedder = CachedEmbedder(fixture.embedder, cache: cache)
    let progress = Mutex<[[Int]]>([])
    let failed = await failure {
      _ = try await embedder.vectors(for: texts(0..<10)) { done, total in
        progress.withLock { $0.append([done, total, cache.count]) }
      }
    }
    #expect(failed?.code == "EMBEDDER_FAILED")
    #expect(progress.withLock { $0 } == [[2, 10, 2], [4, 10, 4]])
    _ = try await embedder.vectors(for: texts(0..<10))
    #expect(fixture.server.paid.flatMap { $0 }.sorted() == texts(0..<10))
  }

  @Test("good vectors of a bad answer, and of the good half of a failed batch, are kept")
  func halves() async throws {
    let cache = MemoryCache()
    let spoiled = try OpenAIFixture(script: [.notANumber(1)])
    let embedder = CachedEmbedder(spoiled.embedder, cache: cache)
    #expect(await failure { _ = try await embedder.vectors(for: texts(0..<4)) }?.code == "EMBEDDER_BAD_ANSWER")
    #expect(cache.count == 3)
    _ = try await embedder.vectors(for: texts(0..<4))
    #expect(spoiled.server.paid == [["text number 1"]])

    let broken = try OpenAIFixture(script: [.status(413), .good, .status(500)])
    let halved = CachedEmbedder(broken.embedder, cache: cache)
    #expect(await failure { _ = try await halved.vectors(for: texts(10..<14)) }?.code == "EMBEDDER_FAILED")
    _ = try await halved.vectors(for: texts(10..<14))
    #expect(broken.server.paid.flatMap { $0 } == texts(10..<14))
  }

  @Test("refused texts are reported by position, each repeated one as well, and the others are kept")
  func refused() async throws {
    var limits = EmbeddingServer.Limits()
    limits.refuses = { $0 == "bad" }
    let fixture = try OpenAIFixture(limits: limits)
    let cache = MemoryCache()
    let progress = Mutex<[Int]>([])
    do {
      _ = try await CachedEmbedder(fixture.embedder, cache: cache).vectors(for: ["a", "bad", "b", "bad", ""]) {
        done, _ in progress.withLock { $0.append(done) }
      }
      Issue.record("nothing was refused")
    } catch let partial as EmbeddingPartialFailure {
      #expect(
        partial.refused.mapValues(\.code)
          == [1: "EMBEDDING_REFUSED", 3: "EMBEDDING_REFUSED", 4: "EMBEDDING_EMPTY_TEXT"])
      #expect(partial.vectors.map { $0 != nil } == [true, false, true, false, false])
    }
    #expect(progress.withLock { $0.last } == 2)
    #expect(cache.count == 2)
  }

  /// Makes a server that answers only after the gate is opened.
  private func gated(_ gate: Gate, status: Int = 200) throws -> (server: HTTPTestServer, embedder: OpenAIEmbedder) {
    let server = try HTTPTestServer { request in
      gate.wait()
      let count = request.text.components(of: "text")
      let items = (0..<count).map { #"{"index":\#($0),"embedding":[1,\#($0)]}"# }.joined(separator: ",")
      return .answer(status, body: Array(#"{"data":[\#(items)]}"#.utf8))
    }
    let settings = EmbedderSettings(name: "t", provider: "openai", model: "m", dimensions: 2, baseURL: server.url)
    return (server, try OpenAIEmbedder(settings, spec: settings.spec, key: nil, client: HTTPClient()))
  }

  @Test("many simultaneous calls for the same texts pay once")
  func shared() async throws {
    let fixture = try OpenAIFixture { settings in
      settings.batchTexts = 3
      settings.concurrency = 4
    }
    let embedder = CachedEmbedder(fixture.embedder, cache: MemoryCache())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for call in 0..<20 {
        // The calls overlap in different orders: calls that wait for each other must not deadlock.
        let asked = call % 2 == 0 ? texts(call..<call + 30) : texts(call..<call + 30).reversed()
        group.addTask {
          let vectors = try await embedder.vectors(for: asked)
          for (text, vector) in zip(asked, vectors) { #expect(close(vector, expected(text))) }
        }
      }
      try await group.waitForAll()
    }
    #expect(fixture.server.paid.flatMap { $0 }.sorted() == texts(0..<49).sorted())
  }

  @Test("when the calling request is cancelled, a waiting call sends the request in its place")
  func takeover() async throws {
    let fixture = try OpenAIFixture(script: [.hang]) { $0.concurrency = 2 }
    let embedder = CachedEmbedder(fixture.embedder, cache: MemoryCache())
    let vectors = try await withThrowingTaskGroup(of: Failure?.self) { group in
      group.addTask { await failure { _ = try await embedder.vectors(for: texts(0..<2)) } }
      await fixture.server.http.received(1)
      // This call has one text of its own. Its request shows that it waits for the others.
      async let second = embedder.vectors(for: texts(0..<3))
      await fixture.server.http.received(2)
      group.cancelAll()
      for try await failed in group { #expect(failed?.kind == .cancelled) }
      return try await second
    }
    for (text, vector) in zip(texts(0..<3), vectors) { #expect(close(vector, expected(text))) }
    #expect(fixture.server.paid == [["text number 2"], texts(0..<2)])
  }

  @Test("a provider's failure is shared by the waiting calls, and no call repeats the request")
  func sharedFailure() async throws {
    let gate = Gate()
    let (server, raw) = try gated(gate, status: 500)
    let embedder = CachedEmbedder(raw, cache: MemoryCache())
    await withTaskGroup(of: Failure?.self) { group in
      for _ in 0..<5 { group.addTask { await failure { _ = try await embedder.vectors(for: texts(0..<2)) } } }
      await server.received(1)
      gate.open()
      for await failed in group { #expect(failed?.code == "EMBEDDER_FAILED") }
    }
    #expect(server.requests.count <= 5)
  }

  @Test("a caller's own error, such as a lost lease, stops its call and no other call")
  func ownError() async throws {
    struct Lost: Error {}
    let fixture = try OpenAIFixture { $0.batchTexts = 1 }
    let cache = MemoryCache()
    let embedder = CachedEmbedder(fixture.embedder, cache: cache)
    await #expect(throws: Lost.self) {
      _ = try await embedder.vectors(for: texts(0..<5)) { _, _ in throw Lost() }
    }
    #expect(fixture.server.http.requests.count == 1)
    #expect(cache.count == 1)
    #expect(try await embedder.vectors(for: texts(0..<5)).count == 5)
    #expect(fixture.server.paid.count == 5)
  }

  @Test("if a call stops with its own error, a call that waits for it sends the request itself")
  func ownErrorTakeover() async throws {
    struct Lost: Error {}
    let fixture = try OpenAIFixture { $0.batchTexts = 1 }
    let server = fixture.server
    let embedder = CachedEmbedder(fixture.embedder, cache: MemoryCache())
    async let first: Void = {
      await #expect(throws: Lost.self) {
        _ = try await embedder.vectors(for: texts(0..<2)) { _, _ in
          await server.http.received(2)
          throw Lost()
        }
      }
    }()
    await server.http.received(1)
    let vectors = try await embedder.vectors(for: texts(0..<3))
    await first
    for (text, vector) in zip(texts(0..<3), vectors) { #expect(close(vector, expected(text))) }
    #expect(server.paid.flatMap { $0 }.sorted() == texts(0..<3))
  }

  @Test("a free embedder is called directly, without the cache")
  func free() async throws {
    let cache = MemoryCache()
    let progress = Mutex<[[Int]]>([])
    let vectors = try await CachedEmbedder(HashEmbedder(), cache: cache).vectors(for: ["a", "b"]) { done, total in
      progress.withLock { $0.append([done, total]) }
    }
    #expect(vectors == (try await HashEmbedder().embed(["a", "b"])))
    #expect(cache.count == 0)
    #expect(progress.withLock { $0 } == [[2, 2]])
  }
}
