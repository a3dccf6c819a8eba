import Glibc
import IngestCore
import IngestEmbedding
import IngestHTTPClient
import IngestTestKit
import Synchronization
import Testing

@Suite struct OpenAIEmbedderTests {
  @Test("vectors are returned in the order of the texts, normalised", arguments: EmbedderSettings.Encoding.allCases)
  func good(encoding: EmbedderSettings.Encoding) async throws {
    let fixture = try OpenAIFixture { $0.encoding = encoding }
    let asked = ["one", "two \"quoted\" \u{1} 🙂 /", "three"]
    let vectors = try await fixture.embedder.embed(asked)
    for (text, vector) in zip(asked, vectors) { #expect(close(vector, expected(text))) }
    #expect(fixture.server.paid == [asked])
  }

  @Test("the request has the fields of the contract, and dimensions only if they are configured")
  func request() async throws {
    let plain = try OpenAIFixture(key: Secret("sk-1"))
    _ = try await plain.embedder.embed(["a"])
    let request = try #require(plain.server.http.requests.first)
    #expect(request.text == #"{"encoding_format":"float","input":["a"],"model":"m"}"#)
    #expect(request.path == "/v1/embeddings")
    #expect(request["Authorization"] == "Bearer sk-1")
    #expect(request["Content-Type"] == "application/json")
    let short = try OpenAIFixture { settings in
      settings.requestsDimensions = true
      settings.baseURL += "/"
    }
    _ = try await short.embedder.embed(["a"])
    #expect(
      short.server.http.requests.map(\.text) == [
        #"{"dimensions":8,"encoding_format":"float","input":["a"],"model":"m"}"#
      ])
    #expect(short.server.http.requests.first?["Authorization"] == nil)
  }

  @Test("requests respect the limits on texts, tokens and bytes")
  func batches() async throws {
    let byTexts = try OpenAIFixture { $0.batchTexts = 3 }
    _ = try await byTexts.embedder.embed(texts(0..<8))
    #expect(byTexts.requested == [3, 3, 2])
    let byBytes = try OpenAIFixture { $0.batchBytes = 30 }
    _ = try await byBytes.embedder.embed(texts(0..<5))
    #expect(byBytes.requested == [2, 2, 1])
    let byTokens = try OpenAIFixture { $0.batchTokens = 10 }
    _ = try await byTokens.embedder.embed(texts(0..<5))
    #expect(byTokens.requested == [2, 2, 1])
    let alone = try OpenAIFixture { $0.batchBytes = 5 }
    _ = try await alone.embedder.embed(texts(0..<2))
    #expect(alone.requested == [1, 1])
  }

  @Test("no texts make no request")
  func none() async throws {
    let fixture = try OpenAIFixture()
    #expect(try await fixture.embedder.embed([]).isEmpty)
    #expect(fixture.server.http.requests.isEmpty)
  }

  @Test("requests run side by side, up to the limit of the whole process")
  func concurrency() async throws {
    let inside = Mutex((now: 0, most: 0))
    let server = try HTTPTestServer { request in
      inside.withLock { inside in
        inside.now += 1
        inside.most = max(inside.most, inside.now)
      }
      defer { inside.withLock { $0.now -= 1 } }
      // Leaves time for one request too many: it makes a fault visible, and the test passes without it.
      poll(nil, 0, 5)
      return .answer(200, body: Array(#"{"data":[{"embedding":[1,0]}]}"#.utf8))
    }
    var settings = EmbedderSettings(
      name: "t", provider: "openai", model: "m", dimensions: 2, baseURL: server.url, batchTexts: 1, concurrency: 3)
    settings.requestTimeout = .seconds(20)
    let embedder = try OpenAIEmbedder(settings, spec: settings.spec, key: nil, client: HTTPClient())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for call in 0..<4 { group.addTask { _ = try await embedder.embed(texts(call * 10..<call * 10 + 10)) } }
      try await group.waitForAll()
    }
    #expect(server.requests.count == 40)
    #expect(inside.withLock { $0.most } <= 3)
  }

  @Test("an answer in another order is sorted by its indexes")
  func reversed() async throws {
    let fixture = try OpenAIFixture(script: [.reversed])
    let vectors = try await fixture.embedder.embed(texts(0..<4))
    for (text, vector) in zip(texts(0..<4), vectors) { #expect(close(vector, expected(text))) }
  }

  static let faults: [(EmbeddingServer.Behaviour, Failure.Kind, String)] = [
    (.throttle(retryAfter: "7"), .throttled, "EMBEDDER_THROTTLED"),
    (.throttle(retryAfter: nil), .throttled, "EMBEDDER_THROTTLED"),
    (.quota, .exhausted, "EMBEDDER_QUOTA"),
    (.status(402), .exhausted, "EMBEDDER_QUOTA"),
    (.status(401), .exhausted, "EMBEDDER_UNAUTHORIZED"),
    (.status(403), .exhausted, "EMBEDDER_UNAUTHORIZED"),
    (.status(404), .exhausted, "EMBEDDER_MODEL_UNKNOWN"),
    (.status(302, headers: [("Location", "/")]), .permanent, "EMBEDDER_REFUSED"),
    (.status(405), .permanent, "EMBEDDER_REFUSED"),
    (.status(400, body: #"{"error":{"message":"no","param":"dimensions"}}"#), .permanent, "EMBEDDER_REFUSED"),
    (.status(408), .transient, "EMBEDDER_FAILED"),
    (.status(424), .transient, "EMBEDDER_FAILED"),
    (.status(500), .transient, "EMBEDDER_FAILED"),
    (.status(503), .transient, "EMBEDDER_FAILED"),
    (.drop, .transient, "EMBEDDER_UNREACHABLE"),
    (.dropMidBody, .transient, "EMBEDDER_UNREACHABLE"),
    (.invalidJSON, .transient, "EMBEDDER_BAD_ANSWER"),
    (.status(200, body: "<html>hello</html>"), .transient, "EMBEDDER_BAD_ANSWER"),
    (.status(200, body: "{}"), .transient, "EMBEDDER_BAD_ANSWER"),
    (.missingOne, .transient, "EMBEDDER_BAD_ANSWER"),
    (.oneTooMany, .transient, "EMBEDDER_BAD_ANSWER"),
    (.duplicateIndex, .transient, "EMBEDDER_BAD_ANSWER"),
    (.notANumber(1), .transient, "EMBEDDER_BAD_ANSWER"),
    (.zero(2), .transient, "EMBEDDER_BAD_ANSWER"),
    (.dimension(7), .permanent, "EMBEDDER_DIMENSION"),
    (.dimension(0), .permanent, "EMBEDDER_DIMENSION"),
  ]

  @Test("each fault has its kind and code, and is recognised after one request", arguments: faults)
  func fault(behaviour: EmbeddingServer.Behaviour, kind: Failure.Kind, code: String) async throws {
    let fixture = try OpenAIFixture(script: [behaviour])
    let failed = await failure { _ = try await fixture.embedder.embed(texts(0..<3)) }
    #expect(failed?.kind == kind)
    #expect(failed?.code == code)
    #expect(failed?.hint.isEmpty == false)
    if case .throttle(let after) = behaviour { #expect(failed?.retryAfter == after.map { _ in .seconds(7) }) }
    if case .dimension(let found) = behaviour {
      #expect(failed?.message.contains("\(found)") == true && failed?.message.contains("8") == true)
    }
    #expect(fixture.server.http.requests.count == 1)
    #expect(try await fixture.embedder.embed(texts(0..<3)).count == 3)
  }

  @Test("silence beyond the timeout is transient")
  func silence() async throws {
    let fixture = try OpenAIFixture(script: [.hang]) { $0.requestTimeout = .milliseconds(50) }
    let failed = await failure { _ = try await fixture.embedder.embed(["a"]) }
    #expect(failed?.kind == .transient)
    #expect(failed?.code == "EMBEDDER_TIMEOUT")
  }

  @Test("an unreachable server is transient")
  func gone() async throws {
    let fixture = try OpenAIFixture(listens: false)
    let failed = await failure { _ = try await fixture.embedder.embed(["a"]) }
    #expect(failed?.kind == .transient)
    #expect(failed?.code == "EMBEDDER_UNREACHABLE")
  }

  @Test("no request is started after a failure")
  func stops() async throws {
    let fixture = try OpenAIFixture(script: [.good, .status(500)]) { $0.batchTexts = 2 }
    #expect(await failure { _ = try await fixture.embedder.embed(texts(0..<20)) }?.code == "EMBEDDER_FAILED")
    #expect(fixture.server.http.requests.count == 2)
  }

  @Test("a request under way is awaited when another fails, since it will be paid for")
  func waits() async throws {
    let gate = Gate()
    let server = try HTTPTestServer { request in
      if request.text.contains("number 0") {
        gate.wait()
        return .answer(200, body: Array(#"{"data":[{"embedding":[1,0]}]}"#.utf8))
      }
      return .answer(500)
    }
    let settings = EmbedderSettings(
      name: "t", provider: "openai", model: "m", dimensions: 2, baseURL: server.url, batchTexts: 1, concurrency: 2)
    let embedder = try OpenAIEmbedder(settings, spec: settings.spec, key: nil, client: HTTPClient())
    let answered = Mutex<[Int]>([])
    async let failed = failure {
      _ = try await embedder.embed(texts(0..<5)) { parts in answered.withLock { $0 += parts.map(\.position) } }
    }
    await server.received(2)
    gate.open()
    #expect(await failed?.code == "EMBEDDER_FAILED")
    #expect(answered.withLock { $0 } == [0])
    #expect(server.requests.count == 2)
  }

  @Test("one bad text is isolated, and the other texts get their vectors", arguments: [0, 3, 7])
  func bisect(bad: Int) async throws {
    var limits = EmbeddingServer.Limits()
    limits.refuses = { $0.contains("number \(bad)") }
    let fixture = try OpenAIFixture(limits: limits)
    do {
      _ = try await fixture.embedder.embed(texts(0..<8))
      Issue.record("nothing was refused")
    } catch let partial as EmbeddingPartialFailure {
      #expect(Array(partial.refused.keys) == [bad])
      #expect(partial.refused[bad]?.code == "EMBEDDING_REFUSED")
      #expect(partial.refused[bad]?.kind == .permanent)
      #expect(partial.vectors[bad] == nil)
      for position in 0..<8 where position != bad {
        #expect(close(partial.vectors[position], expected("text number \(position)")))
      }
    }
    // Halving sends 8, 4, 2 and 1 texts, and each good half once.
    #expect(fixture.server.http.requests.count == 7)
    #expect(fixture.server.paid.reduce(0) { $0 + $1.count } == 7)
  }

  @Test("an empty text is refused without being sent")
  func empty() async throws {
    let fixture = try OpenAIFixture()
    do {
      _ = try await fixture.embedder.embed(["a", "", "b"])
      Issue.record("nothing was refused")
    } catch let partial as EmbeddingPartialFailure {
      #expect(partial.refused[1]?.code == "EMBEDDING_EMPTY_TEXT")
      #expect(partial.vectors.map { $0 != nil } == [true, false, true])
    }
    #expect(fixture.server.paid == [["a", "b"]])
  }

  @Test("if a request has too many tokens, smaller ones are sent and the server's limit is remembered")
  func tooMuch() async throws {
    var limits = EmbeddingServer.Limits()
    limits.bytes = 60
    let fixture = try OpenAIFixture(limits: limits)
    let vectors = try await fixture.embedder.embed(texts(0..<8))
    for (text, vector) in zip(texts(0..<8), vectors) { #expect(close(vector, expected(text))) }
    #expect(fixture.requested == [8, 4, 4])
    _ = try await fixture.embedder.embed(texts(0..<8))
    #expect(fixture.requested.dropFirst(3) == [4, 4])
  }

  @Test("a single text that is too long is refused with its own code")
  func tooLong() async throws {
    var limits = EmbeddingServer.Limits()
    limits.bytes = 100
    let fixture = try OpenAIFixture(limits: limits)
    do {
      _ = try await fixture.embedder.embed(["a", String(repeating: "x", count: 101), "b"])
      Issue.record("nothing was refused")
    } catch let partial as EmbeddingPartialFailure {
      #expect(partial.refused.mapValues(\.code) == [1: "EMBEDDING_TEXT_TOO_LONG"])
    }
  }

  @Test("a server's smaller batch size is discovered and remembered")
  func batchSize() async throws {
    var limits = EmbeddingServer.Limits()
    limits.texts = 4
    let fixture = try OpenAIFixture(limits: limits)
    _ = try await fixture.embedder.embed(texts(0..<16))
    #expect(fixture.requested == [16, 8, 4, 4, 8, 4, 4])
    _ = try await fixture.embedder.embed(texts(0..<16))
    #expect(fixture.requested.dropFirst(7) == [4, 4, 4, 4])
  }

  @Test("a server that refuses everything is reported as such, not text by text")
  func refusesAll() async throws {
    var limits = EmbeddingServer.Limits()
    limits.refuses = { _ in true }
    let fixture = try OpenAIFixture(limits: limits)
    let failed = await failure { _ = try await fixture.embedder.embed(texts(0..<64)) }
    #expect(failed?.code == "EMBEDDER_REFUSED")
    #expect(fixture.server.http.requests.count < 24)
  }

  @Test("the key never appears in an error, even if the server repeats it")
  func secret() async throws {
    let body = #"{"error":{"message":"Incorrect API key provided: sk-secret."}}"#
    let fixture = try OpenAIFixture(script: [.status(401, body: body)], key: Secret("sk-secret"))
    let failed = await failure { _ = try await fixture.embedder.embed(["a"]) }
    #expect(failed?.message.contains("Incorrect API key provided: ***.") == true)
    #expect("\(Secret("sk-secret"))" == "***")
    var dumped = ""
    dump((Secret("sk-secret"), [Secret("sk-secret")]), to: &dumped)
    #expect(!dumped.contains("sk-secret"))
  }

  @Test("a cancel ends the request, and is reported as a cancel")
  func cancellation() async throws {
    let fixture = try OpenAIFixture(script: [.hang])
    await withTaskGroup(of: Failure?.self) { group in
      group.addTask { await failure { _ = try await fixture.embedder.embed(["a"]) } }
      await fixture.server.http.received(1)
      group.cancelAll()
      for await failed in group { #expect(failed?.kind == .cancelled) }
    }
  }
}
