import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Breakers shared by all processes")
struct BreakerStoreTests {
  @Test(
    "a breaker that one process opened is open for all others, and they make no call", arguments: StoreKind.allCases)
  func shared(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    let (one, other) = (fixture.stores[0], fixture.stores[1])
    try await fixture.fails(one)
    try await fixture.fails(other)
    try await fixture.fails(one, "EMBEDDER_TIMEOUT")
    let refusal = try #require(await fixture.refusal(by: other))
    #expect(refusal.kind == .unavailable && refusal.code == "BREAKER_OPEN" && refusal.category == .later)
    #expect(refusal.dependency == DependencyFixture.name)
    #expect(refusal.message.contains("EMBEDDER_TIMEOUT"))
    let wait = try #require(refusal.retryAfter)
    #expect(wait > .seconds(7) && wait <= .seconds(8))
  }

  @Test(
    "half-open lets only the configured number of probes through, over all processes, and their success closes it",
    arguments: StoreKind.allCases)
  func probes(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind, try DependencyFixture.policy(probes: 2, successes: 2))
    try await fixture.open()
    fixture.clock.advance(by: .seconds(8))
    let first = try await fixture.stores[0].enter(DependencyFixture.call())
    let second = try await fixture.stores[1].enter(DependencyFixture.call())
    for store in fixture.stores { #expect(await fixture.refusal(by: store)?.code == "BREAKER_OPEN") }
    await fixture.stores[1].leave(first, DependencyCallEnd(outcome: .answered))
    #expect(try await fixture.store.breakers().map(\.state) == [.halfOpen])
    await fixture.stores[0].leave(second, DependencyCallEnd(outcome: .answered))
    #expect(try await fixture.store.breakers().map(\.state) == [.closed])
    for store in fixture.stores { try await fixture.succeeds(store) }
  }

  @Test("a cancelled probe frees its slot immediately", arguments: StoreKind.allCases)
  func silentProbe(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.open()
    fixture.clock.advance(by: .seconds(8))
    let probe = try await fixture.store.enter(DependencyFixture.call())
    #expect(await fixture.refusal() != nil)
    await fixture.store.leave(probe, DependencyCallEnd(outcome: .silent))
    try await fixture.succeeds()
    #expect(try await fixture.store.breakers().map(\.state) == [.closed])
  }

  @Test("a failed probe opens the breaker for longer", arguments: StoreKind.allCases)
  func longer(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.open()
    fixture.clock.advance(by: .seconds(8))
    try await fixture.fails()
    let wait = try #require(await fixture.refusal()?.retryAfter)
    #expect(wait > .seconds(15) && wait <= .seconds(16))
  }

  @Test("every transition is kept with its cause and its actor, newest first", arguments: StoreKind.allCases)
  func history(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.open()
    fixture.clock.advance(by: .seconds(8))
    try await fixture.succeeds()
    _ = try await fixture.store.openBreaker(DependencyFixture.name, for: .seconds(60), actor: "cli/ann")
    _ = try await fixture.store.resetBreakers(nil, actor: "cli/ann")
    let events = try await fixture.store.breakerHistory(BreakerHistoryFilter())
    #expect(
      events.map { "\($0.from.rawValue)>\($0.to.rawValue) \($0.actor): \($0.cause)" } == [
        "open>closed cli/ann: reset by cli/ann",
        "closed>open cli/ann: opened by cli/ann",
        "half-open>closed breaker: a probe succeeded",
        "open>half-open breaker: its wait is over, so probes may try",
        "closed>open breaker: 3 calls failed in a row, the last with HTTP_503",
      ])
    #expect(events[1].nextAt == events[1].at + .seconds(60))
    let last = try await fixture.store.breakerHistory(BreakerHistoryFilter(breaker: DependencyFixture.name, limit: 1))
    #expect(last == Array(events.prefix(1)))
  }

  @Test(
    "a breaker that a person opened without an end stays open until a person closes it",
    arguments: StoreKind.allCases)
  func byHand(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.succeeds()
    let report = try await fixture.store.openBreaker(DependencyFixture.name, for: nil, actor: "cli/ann")
    #expect(report.state == .open && report.nextAt == nil)
    fixture.clock.advance(by: .seconds(1_000_000))
    let refusal = try #require(await fixture.refusal())
    #expect(refusal.code == "BREAKER_OPEN" && refusal.retryAfter == nil)
    _ = try await fixture.store.resetBreakers([DependencyFixture.name], actor: "cli/ann")
    try await fixture.succeeds()
  }

  @Test(
    "an unknown breaker name is refused with the nearest name, and nothing changes", arguments: StoreKind.allCases)
  func unknown(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.open()
    for body in [
      { try await fixture.store.resetBreakers([DependencyFixture.name, "embed:openai:m@hots"], actor: "a") },
      { [try await fixture.store.openBreaker("embed:openai:m@hots", for: nil, actor: "a")] },
    ] {
      var refusal: Failure?
      do { _ = try await body() } catch { refusal = Failure(error) }
      #expect(refusal?.code == "BREAKER_NOT_FOUND" && refusal?.category == .notFound)
      #expect(refusal?.hint == "Did you mean '\(DependencyFixture.name)'?")
    }
    #expect(try await fixture.store.breakers().map(\.state) == [.open])
  }

  @Test(
    "an open breaker survives a restart; after a boot it waits for the remaining time, once",
    arguments: StoreKind.allCases)
  func boot(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.open()
    fixture.clock.advance(by: .seconds(5))
    let rebooted = ManualClock(bootID: "boot-2")
    rebooted.advance(by: .seconds(100_000))
    let store = try DependencyFixture.store(fixture.base.folder.path, rebooted, try DependencyFixture.policy())
    let first = try #require(await fixture.refusal(by: store)?.retryAfter)
    #expect(first > .seconds(7) && first <= .seconds(8))
    rebooted.advance(by: .seconds(6))
    let second = try #require(await fixture.refusal(by: store)?.retryAfter)
    #expect(second <= .seconds(2))
    rebooted.advance(by: .seconds(2))
    try await fixture.succeeds(store)
    #expect(try await store.breakers().map(\.state) == [.closed])
  }

  @Test(
    "Retry-After holds the calls of all processes, does not count as a failure, and a shorter one does not shorten it",
    arguments: StoreKind.allCases)
  func held(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    for wait in [30, 5] {
      let permit = DependencyPermit(
        call: DependencyFixture.call(), breaker: try await fixture.permit(), takenAt: fixture.clock.uptime)
      await fixture.store.leave(
        permit,
        DependencyCallEnd(outcome: .silent, advice: ProviderAdvice(retryAfter: .seconds(wait))))
    }
    let refusal = try #require(await fixture.refusal(by: fixture.stores[1]))
    #expect(refusal.kind == .throttled && refusal.code == "DEPENDENCY_HELD" && refusal.retryAfter == .seconds(30))
    let report = try #require(try await fixture.store.breakers().first)
    #expect(report.state == .closed && report.heldUntil == fixture.clock.now + .seconds(30))
    fixture.clock.advance(by: .seconds(30))
    try await fixture.succeeds(fixture.stores[1])
  }

  @Test("an allowance with nothing left holds calls until it is full again", arguments: StoreKind.allCases)
  func empty(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    let permit = try await fixture.store.enter(DependencyFixture.call())
    await fixture.store.leave(
      permit,
      DependencyCallEnd(
        outcome: .answered, advice: ProviderAdvice(requests: .init(limit: 3, remaining: 0, reset: .seconds(20)))))
    #expect(await fixture.refusal()?.retryAfter == .seconds(20))
  }

  @Test(
    "a closed breaker without limits needs no write to start a call, and an open one none to refuse it",
    arguments: StoreKind.allCases)
  func cheap(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind, stores: 1)
    try await fixture.succeeds()
    let before = try await fixture.commits()
    for _ in 0..<20 { _ = try await fixture.store.enter(DependencyFixture.call()) }
    #expect(try await fixture.commits() == before)
    try await fixture.open()
    let opened = try await fixture.commits()
    for _ in 0..<20 { #expect(await fixture.refusal() != nil) }
    #expect(try await fixture.commits() == opened)
  }
}

extension DependencyFixture {
  fileprivate func permit() async throws -> BreakerPermit {
    // A call that began before the hold.
    if await refusal() != nil { return try await Self.early(self) }
    return try await store.enter(Self.call()).breaker
  }

  private static func early(_ fixture: DependencyFixture) async throws -> BreakerPermit {
    var machine = BreakerMachine(.standard)
    guard case .pass(let permit) = machine.decide(at: 0).decision else { throw CancellationError() }
    return permit
  }

  /// Returns how often the database was written.
  fileprivate func commits() async throws -> Int {
    try await base.database.read { db in try db.first("PRAGMA data_version") { $0.int(0) } ?? 0 }
  }
}
