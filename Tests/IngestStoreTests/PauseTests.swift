import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Pauses, weights and rate limits")
struct PauseTests {
  @Test(
    "pausing a source, a workflow or everything stops its jobs until a resume, and holds back nothing else",
    arguments: StoreKind.allCases)
  func pauses(on kind: StoreKind) async throws {
    let scopes: [(PauseScope, Int)] = [(.source("a"), 4), (.workflow("ingest"), 4), (.everything, 0)]
    for (scope, free) in scopes {
      let fixture = try await StoreFixture(kind)
      let worker = try await fixture.worker()
      try await fixture.submit(4, source: "a")
      for number in 0..<4 {
        _ = try await fixture.store.submit(
          StoreFixture.request("/b/\(number)", source: "b", workflow: StoreFixture.workflow("other")))
      }
      let isNew = try await fixture.store.pause(scope, actor: "test")
      let again = try await fixture.store.pause(scope, actor: "test")
      #expect(isNew && !again)
      let claimed = try await fixture.claim(worker, limit: 20)
      #expect(claimed.count == free)
      let outlook = try await fixture.store.outlook(WorkScope())
      #expect(outlook.stuck == 8 - free)
      #expect(outlook.queued == 0)
      let scoped = try await fixture.store.outlook(WorkScope(sources: ["a"]))
      #expect(scoped.stuck == 4)
      let isTrue = try await fixture.countersAreTrue()
      #expect(isTrue)
      let wasPaused = try await fixture.store.resume(scope, actor: "test")
      #expect(wasPaused)
      #expect(try await fixture.claim(worker, limit: 20).count == 8 - free)
    }
  }

  @Test("a source with twice the weight starts twice as many jobs", arguments: StoreKind.allCases)
  func weights(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.submit(40, source: "heavy")
    try await fixture.submit(40, source: "light")
    try await fixture.store.setWeight(2, source: "heavy", actor: "test")
    var counts: [String: Int] = [:]
    for _ in 0..<30 {
      let job = try #require(try await fixture.claim(worker).first)
      counts[try fixture.uri(job).hasPrefix("/heavy") ? "heavy" : "light", default: 0] += 1
      try await fixture.finish(job)
    }
    #expect(counts == ["heavy": 20, "light": 10])
    await #expect { try await fixture.store.setWeight(2, source: "haevy", actor: "test") } throws: {
      ($0 as? Failure)?.code == "SOURCE_NOT_FOUND" && ($0 as? Failure)?.hint == "Did you mean heavy?"
    }
  }

  @Test(
    "each change of the configuration is applied once, and settings made live stay", arguments: StoreKind.allCases)
  func configures(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let configured = try Limit.throttle("1/h", source: "a", origin: .configuration)
    var flow = ConfiguredFlow(
      limits: [configured], sources: [.init(name: "a", weight: 3, paused: true)], fingerprint: "one")
    #expect(try await fixture.store.configure(flow, actor: "test"))
    #expect(try await !fixture.store.configure(flow, actor: "test"))
    _ = try await fixture.store.resume(.source("a"), actor: "test")
    try await fixture.store.setWeight(5, source: "a", actor: "test")
    try await fixture.limit(try .throttle("2/h", source: "a"))
    var source = try #require(try await fixture.store.sources(SourceFilter(names: ["a"])).first)
    #expect(source.limits.map(\.amount.description) == ["2/h"])
    #expect(source.limits.map(\.origin) == [.live])
    flow = ConfiguredFlow(limits: [], sources: [.init(name: "a", weight: 4)], fingerprint: "two")
    #expect(try await fixture.store.configure(flow, actor: "test"))
    source = try #require(try await fixture.store.sources(SourceFilter(names: ["a"])).first)
    #expect(source.weight == 5)
    #expect(!source.paused)
    #expect(source.limits.map(\.amount.description) == ["2/h"])
    try await fixture.store.setLimits([.reset(.throttle(source: "a"))], actor: "test")
    source = try #require(try await fixture.store.sources(SourceFilter(names: ["a"])).first)
    #expect(source.limits.isEmpty)
  }

  @Test(
    "a configured limit applies from the next claim on, and resetting a live limit affects one source alone",
    arguments: StoreKind.allCases)
  func configuredHolds(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    for source in ["a", "b"] { try await fixture.submit(3, source: source) }
    for source in ["a", "b"] {
      let first = try await fixture.claim(worker, scope: WorkScope(sources: [source]))
      #expect(first.count == 1)
    }
    let limits = try ["a", "b"].map { try Limit.throttle("1/h", source: $0, origin: .configuration) }
    _ = try await fixture.store.configure(
      ConfiguredFlow(limits: limits, sources: [], fingerprint: "one"), actor: "test")
    let limited = try await fixture.claim(worker, limit: 10)
    #expect(Set(try limited.map { try fixture.uri($0) }) == ["/a/1", "/b/1"])
    try await fixture.limit(try .throttle("60/m", source: "a"), .throttle("60/m", source: "b"))
    try await fixture.store.setLimits([.reset(.throttle(source: "a"))], actor: "test")
    let live = try await fixture.store.limits().filter { $0.origin == .live }
    #expect(live.map(\.id.scope.source) == ["b"])
  }

  @Test(
    "a source that was paused for long takes no more than its share when it resumes", arguments: StoreKind.allCases)
  func resumedShare(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.submit(20, source: "busy")
    try await fixture.submit(20, source: "paused")
    _ = try await fixture.store.pause(.source("paused"), actor: "test")
    for _ in 0..<10 { try await fixture.finish(try #require(try await fixture.claim(worker).first)) }
    _ = try await fixture.store.resume(.source("paused"), actor: "test")
    var counts: [String: Int] = [:]
    for _ in 0..<10 {
      let job = try #require(try await fixture.claim(worker).first)
      counts[try fixture.uri(job).hasPrefix("/busy") ? "busy" : "paused", default: 0] += 1
      try await fixture.finish(job)
    }
    #expect(counts == ["busy": 5, "paused": 5])
  }

  @Test(
    "a submit over its rate limit is refused with the time to try again, and counts against no other limit",
    arguments: StoreKind.allCases)
  func rates(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    try await fixture.limit(try .rateLimit("1/4h", per: .document), .rateLimit("3/h burst 2", per: .source))
    func submit(_ uri: String, _ text: String) async throws -> SubmitReceipt.Outcome {
      try await fixture.store.submit(StoreFixture.request(uri, text)).outcome
    }
    #expect(try await submit("/a", "one") == .accepted)
    // A known document is answered without being counted.
    #expect(try await submit("/a", "one") == .duplicate)
    for _ in 0..<5 {
      await #expect { try await submit("/a", "two") } throws: { error in
        let failure = error as? Failure
        return failure?.code == "RATE_LIMITED" && failure?.category == .refused
          && failure?.retryAfter == .seconds(4 * 3600)
      }
    }
    // The refused submits took none of the source's three.
    #expect(try await submit("/b", "one") == .accepted)
    #expect(try await submit("/c", "one") == .accepted)
    await #expect(throws: Failure.self) { try await submit("/d", "one") }
    fixture.clock.advance(by: .seconds(4 * 3600))
    #expect(try await submit("/a", "two") == .accepted)
    let documents = try await fixture.store.documents(DocumentFilter(index: "docs"))
    #expect(documents.count == 3)
  }

  @Test(
    "a rate limit keeps its state over a boot, even when every submit in between is refused",
    arguments: StoreKind.allCases)
  func ratesOverBoots(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind, clock: ManualClock(bootID: "boot-1"))
    try await fixture.limit(try .rateLimit("1/m"))
    fixture.clock.advance(by: .seconds(500))
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let clock = ManualClock(bootID: "boot-2")
    let store = Store(
      database: fixture.database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    for _ in 0..<59 {
      await #expect(throws: Failure.self) { try await store.submit(StoreFixture.request("/b")) }
      clock.advance(by: .seconds(1))
    }
    await #expect(throws: Failure.self) { try await store.submit(StoreFixture.request("/b")) }
    clock.advance(by: .seconds(1))
    _ = try await store.submit(StoreFixture.request("/b"))
  }

  @Test("a job that must run alone drains one worker, while the others continue", arguments: StoreKind.allCases)
  func aloneDrainsOne(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let (one, two) = (try await fixture.worker("one"), try await fixture.worker("two"))
    try await fixture.submit(1)
    for name in ["x", "y"] {
      _ = try await fixture.claim(try await fixture.worker(name))
      _ = try await fixture.store.reclaim(dead: WorkerID(rawValue: name))
    }
    try await fixture.submit(6, source: "other")
    func claim(_ worker: WorkerID, idle: Bool) async throws -> ClaimResult {
      try await fixture.store.claim(
        ClaimRequest(worker: worker, limit: 1, scope: WorkScope(), lease: .seconds(30), idle: idle))
    }
    let draining = try await claim(one, idle: false)
    #expect(draining.jobs.isEmpty && draining.aloneWaiting)
    let other = try await claim(two, idle: false)
    #expect(other.jobs.count == 1 && !other.aloneWaiting)
    let alone = try await claim(one, idle: true)
    #expect(alone.jobs.map(\.alone) == [true])
    #expect(try await claim(two, idle: false).jobs.count == 1)
    // The worker that drained died before it was idle: another one takes its place.
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }
}
