import IngestCore
import IngestEmbedding
import IngestHTTPClient
import IngestTestKit
import Synchronization
import Testing

@Suite("The gate around each request")
struct CallGateTests {
  private struct Fixture {
    let server: EmbeddingServer
    let gate = RecordingGate()
    let clock = ManualClock()
    let embedder: OpenAIEmbedder

    init(
      _ script: [EmbeddingServer.Behaviour] = [], listens: Bool = true,
      _ change: (inout EmbedderSettings) -> Void = { _ in }
    ) throws {
      server = try EmbeddingServer(dimensions: 8, script: script, listens: listens)
      var settings = EmbedderSettings(
        name: "mine", provider: "openai", model: "m", dimensions: 8, baseURL: server.baseURL, concurrency: 1)
      change(&settings)
      embedder = try OpenAIEmbedder(
        settings, spec: settings.spec, key: nil, client: HTTPClient(), gate: CallGate(gate, clock: clock))
    }

    var ends: [DependencyCallEnd] { gate.state.withLock { $0.ends } }
    var calls: [DependencyCall] { gate.state.withLock { $0.calls } }
  }

  @Test("the gate is asked with the server's name and an estimate, and receives the server's own token count")
  func asked() async throws {
    let fixture = try Fixture()
    _ = try await fixture.embedder.embed(["123456789", "abc"])
    let port = fixture.server.http.port
    #expect(
      fixture.calls == [
        DependencyCall(dependency: "embed:openai:m@127.0.0.1:\(port)", provider: "mine", requests: 1, tokens: 4 + 2)
      ])
    #expect(fixture.ends == [DependencyCallEnd(outcome: .answered, tokens: 2)])
  }

  @Test(
    "each outcome of a call is reported to the breaker as success, failure or neither",
    arguments: [
      (EmbeddingServer.Behaviour.good, BreakerOutcome.answered), (.status(503), .failed(code: "EMBEDDER_FAILED")),
      (.drop, .failed(code: "EMBEDDER_UNREACHABLE")), (.dropMidBody, .failed(code: "EMBEDDER_UNREACHABLE")),
      (.hang, .failed(code: "EMBEDDER_TIMEOUT")), (.invalidJSON, .failed(code: "EMBEDDER_BAD_ANSWER")),
      (.zero(0), .failed(code: "EMBEDDER_BAD_ANSWER")), (.dimension(3), .answered), (.status(400), .answered),
      (.status(401), .silent), (.quota, .silent), (.throttle(retryAfter: "3"), .silent),
    ])
  func outcomes(behaviour: EmbeddingServer.Behaviour, outcome: BreakerOutcome) async throws {
    let hangs = if case .hang = behaviour { true } else { false }
    let fixture = try Fixture([behaviour]) { if hangs { $0.requestTimeout = .milliseconds(300) } }
    _ = try? await fixture.embedder.embed(["a"])
    #expect(fixture.ends.map(\.outcome) == [outcome])
    #expect(fixture.ends.allSatisfy { $0.left })
  }

  @Test("a server that does not listen is a failure, and the call counts as never sent")
  func refused() async throws {
    let fixture = try Fixture(listens: false)
    _ = try? await fixture.embedder.embed(["a"])
    #expect(fixture.ends == [DependencyCallEnd(outcome: .failed(code: "EMBEDDER_UNREACHABLE"), left: false)])
  }

  @Test("a cancelled call is reported, and says nothing about the server")
  func cancelled() async throws {
    let fixture = try Fixture([.hang])
    let call = Task { try await fixture.embedder.embed(["a"]) }
    await fixture.server.http.received(1)
    call.cancel()
    _ = try? await call.value
    #expect(fixture.ends.map(\.outcome) == [.silent])
  }

  @Test("a provider's announcement of its limits is parsed in every known form")
  func advice() async throws {
    let body = #"{"data":[{"index":0,"embedding":[1,0,0,0,0,0,0,0]}],"usage":{"total_tokens":7}}"#
    let headers = [
      ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "59"),
      ("x-ratelimit-reset-requests", "6m0s"), ("x-ratelimit-limit-tokens", "150000"),
      ("x-ratelimit-remaining-tokens", "149984"), ("x-ratelimit-reset-tokens", "120ms"),
    ]
    let fixture = try Fixture([.status(200, headers: headers, body: body)])
    _ = try await fixture.embedder.embed(["a"])
    let end = try #require(fixture.ends.first)
    #expect(end.tokens == 7)
    #expect(
      end.advice
        == ProviderAdvice(
          requests: .init(limit: 60, remaining: 59, reset: .seconds(360)),
          tokens: .init(limit: 150_000, remaining: 149_984, reset: .milliseconds(120))))
    for (text, reset) in [("1s", Duration.seconds(1)), ("1.5", .milliseconds(1500)), ("2", .seconds(2))] {
      let fixture = try Fixture([.status(200, headers: [("x-ratelimit-reset-tokens", text)], body: body)])
      _ = try await fixture.embedder.embed(["a"])
      #expect(fixture.ends.first?.advice.tokens?.reset == reset)
    }
    for text in ["soon", "-1x", "1700000000", ""] {
      let fixture = try Fixture([.status(200, headers: [("x-ratelimit-reset-tokens", text)], body: body)])
      _ = try await fixture.embedder.embed(["a"])
      #expect(fixture.ends.first?.advice.tokens?.reset == nil, "\(text)")
    }
  }

  @Test("a throttled call waits at the gate, and the gate learns for how long")
  func throttled() async throws {
    for (said, wait) in [("3", Duration.seconds(3)), (nil, .seconds(1))] {
      let fixture = try Fixture([.throttle(retryAfter: said)])
      let refusal = await failure { _ = try await fixture.embedder.embed(["a"]) }
      #expect(refusal?.kind == .throttled && refusal?.dependency == fixture.embedder.dependency)
      #expect(refusal?.retryAfter == wait)
      #expect(fixture.ends.first?.advice.retryAfter == wait)
    }
  }

  @Test("a refusal by the gate is thrown unchanged, and nothing is sent")
  func shut() async throws {
    let fixture = try Fixture()
    var refusal = Failure(.unavailable, code: "BREAKER_OPEN", "Open.", retryAfter: .seconds(9))
    refusal.dependency = "d"
    fixture.gate.refuse([refusal])
    #expect(await failure { _ = try await fixture.embedder.embed(["a"]) } == refusal)
    #expect(fixture.server.http.requests.isEmpty && fixture.ends.isEmpty)
  }

  @Test("a wait too short to park a job is waited inside the call; a longer one is not")
  func patience() async throws {
    func limit(_ wait: Duration) -> Failure { Failure(.throttled, code: "LIMIT_REACHED", "Full.", retryAfter: wait) }
    let fixture = try Fixture()
    fixture.gate.refuse([limit(.milliseconds(100)), limit(.milliseconds(100))])
    let call = Task { try await fixture.embedder.embed(["a"]) }
    for _ in 0..<2 {
      try await eventually("the call sleeps") { fixture.clock.sleepers > 0 }
      fixture.clock.advance(by: .milliseconds(100))
    }
    let vectors = try await call.value
    #expect(vectors.count == 1)
    fixture.gate.refuse([limit(.milliseconds(300))])
    #expect(await failure { _ = try await fixture.embedder.embed(["b"]) }?.code == "LIMIT_REACHED")
  }

  @Test("a batch larger than any limit allows at once is sent in halves")
  func halves() async throws {
    let fixture = try Fixture()
    fixture.gate.state.withLock { $0.mostTokens = 5 }
    let vectors = try await fixture.embedder.embed(["one", "two", "three", "four"])
    #expect(vectors.count == 4)
    #expect(fixture.server.paid == [["one", "two"], ["three", "four"]])
    let long = String(repeating: "x", count: 100)
    #expect(await failure { _ = try await fixture.embedder.embed([long]) }?.code == "LIMIT_TOO_SMALL")
  }

  @Test("the tokens of a minute bound those of one request, and no limit of a minute exceeds what the provider allows")
  func minute() {
    for perMinute in [1, 5, 60, 1000, 60_000, 1_000_000] {
      var settings = EmbedderSettings.hash
      settings.requestsPerMinute = perMinute
      settings.tokensPerMinute = perMinute
      for limit in [settings.requestLimit, settings.tokenLimit] {
        #expect((limit?.limit ?? 0) + (limit?.burst ?? 0) == perMinute && limit?.period == .seconds(60))
      }
      #expect(settings.requestTokens <= (settings.tokenLimit?.burst ?? 0) + 1)
    }
  }
}

/// A gate that lets calls through unless a test refuses them, and records what it receives.
final class RecordingGate: DependencyGate {
  struct State {
    var refusals: [Failure] = []
    var mostTokens = Int.max
    var calls: [DependencyCall] = []
    var ends: [DependencyCallEnd] = []
  }

  let state = Mutex(State())

  func refuse(_ failures: [Failure]) { state.withLock { $0.refusals = failures } }

  func enter(_ call: DependencyCall) async throws -> DependencyPermit {
    let refusal = state.withLock { state -> Failure? in
      if !state.refusals.isEmpty { return state.refusals.removeFirst() }
      if call.tokens > state.mostTokens {
        return Failure(.exhausted, code: "LIMIT_TOO_SMALL", "Too much.", reason: .callTooLarge)
      }
      state.calls.append(call)
      return nil
    }
    if let refusal { throw refusal }
    var machine = BreakerMachine(.standard)
    guard case .pass(let permit) = machine.decide(at: 0).decision else { throw CancellationError() }
    return DependencyPermit(call: call, breaker: permit, takenAt: 0)
  }

  func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async { state.withLock { $0.ends.append(end) } }
}
