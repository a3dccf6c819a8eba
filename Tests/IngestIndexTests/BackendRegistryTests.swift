import IngestCore
import IngestIndex
import IngestStore
import IngestTestKit
import Testing

@Suite("The registry of back ends")
struct BackendRegistryTests {
  private func spec(_ backend: String) -> GenerationSpec {
    var spec = StoreFixture.spec
    spec.backend = backend
    return spec
  }

  @Test("the registry finds the back end of a generation's spec, and an unknown name is refused with the known ones")
  func names() async throws {
    let registry = BackendRegistry([WeakIndex(name: "one"), WeakIndex(name: "two"), WeakIndex(name: "one")])
    #expect(registry.names == ["one", "two"])
    #expect(try registry.backend(for: spec("two")).name == "two")
    let error = #expect(throws: IndexError.self) { try registry.backend(for: spec("three")) }
    #expect(error?.failure.code == "UNKNOWN_BACKEND")
    #expect(error?.failure.hint == "This program has: one, two.")
  }

  @Test("calls to an unreachable back end fail, and after some failures the breaker refuses them")
  func breaker() async throws {
    let it = try await StoreFixture()
    let weak = WeakIndex(endpoint: "127.0.0.1:6333", isVerifiable: true)
    let registry = BackendRegistry([weak], gate: CallGate(it.store, clock: it.clock))
    let backend = try registry.backend(for: spec("weak"))
    let name = GenerationName(index: "docs", number: 1)
    try await backend.create(name, dimensions: IndexFixture.dimensions)
    weak.isAway = true
    var failures: [Failure] = []
    while failures.last?.code != "BREAKER_OPEN", failures.count < 100 {
      do {
        _ = try await backend.candidates(
          CandidateRequest(text: "", vector: IndexFixture.vector(""), nearest: 1, keyword: 0), in: name)
      } catch let error as any FailureConvertible {
        failures.append(error.failure)
      }
    }
    #expect(failures.first?.code == "INDEX_UNREACHABLE")
    let open = try #require(failures.last)
    #expect(open.code == "BREAKER_OPEN" && open.kind == .unavailable)
    #expect(open.dependency == "index:weak@127.0.0.1:6333")
    // While the breaker is open it lets no call through, in any role; after the wait the probes go through and close
    // it.
    let calls = weak.calls
    await #expect(throws: Failure.self) { try await backend.counts(in: name) }
    await #expect(throws: Failure.self) {
      _ = try await backend.requireVerifiable().inventory(after: nil, limit: 1, in: name)
    }
    #expect(weak.calls == calls)
    weak.isAway = false
    for _ in 0..<20 {
      it.clock.advance(by: .seconds(60))
      _ = try? await backend.counts(in: name)
    }
    #expect(try await it.store.breakers().first?.breaker == "index:weak@127.0.0.1:6333")
    #expect(try await backend.counts(in: name).chunks == 0)
    #expect(weak.calls > calls)
  }

  @Test("a refusal by the back end counts as an answer, and a server's Retry-After holds all calls")
  func verdicts() async throws {
    let it = try await StoreFixture()
    let weak = WeakIndex(endpoint: "host")
    let backend = try BackendRegistry([weak], gate: CallGate(it.store, clock: it.clock)).backend(for: spec("weak"))
    let missing = GenerationName(index: "docs", number: 9)
    for _ in 0..<50 {
      await #expect(throws: IndexError.generationMissing(missing)) { try await backend.counts(in: missing) }
    }
    weak.failure = Failure(.throttled, code: "INDEX_BUSY", "Too many requests.", retryAfter: .seconds(7))
    let throttled = await #expect(throws: Failure.self) { try await backend.counts(in: missing) }
    #expect(throttled?.dependency == "index:weak@host" && throttled?.retryAfter == .seconds(7))
    let calls = weak.calls
    let kept = await #expect(throws: Failure.self) { try await backend.counts(in: missing) }
    #expect(kept?.kind == .throttled && weak.calls == calls)
    it.clock.advance(by: .seconds(8))
    weak.failure = nil
    await #expect(throws: IndexError.generationMissing(missing)) { try await backend.counts(in: missing) }
  }

  @Test("a local back end has no breaker, and a wrapper has the roles of the back end that it wraps")
  func roles() async throws {
    let it = try await StoreFixture()
    let gate = CallGate(it.store, clock: it.clock)
    let local = WeakIndex()
    let backend = try BackendRegistry([local], gate: gate).backend(for: spec("weak"))
    local.isAway = true
    for _ in 0..<50 { await #expect(throws: IndexError.self) { try await backend.counts(in: WeakSite.name) } }
    #expect(try await it.store.breakers().isEmpty)
    for isVerifiable in [false, true] {
      let remote = WeakIndex(endpoint: "host", isVerifiable: isVerifiable)
      let guarded = try BackendRegistry([remote], gate: gate).backend(for: spec("weak"))
      #expect((guarded.verifiable != nil) == isVerifiable)
      #expect(guarded.staging == nil && guarded.maintained == nil && guarded.capabilities == remote.capabilities)
    }
  }
}
