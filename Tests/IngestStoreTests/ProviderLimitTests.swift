import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Limits of providers")
struct ProviderLimitTests {
  @Test(
    "no minute has more requests than limit plus burst, over all processes", arguments: StoreKind.allCases
  )
  func requests(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind, stores: 3)
    try await fixture.limit(.requests, "12/m burst 3")
    var starts: [Int64] = []
    for step in 0..<2400 {
      if await fixture.refusal(by: fixture.stores[step % 3]) == nil { starts.append(fixture.clock.uptime) }
      fixture.clock.advance(by: .milliseconds(100))
    }
    for start in starts {
      #expect(starts.count { $0 >= start && $0 < start + 60_000_000 } <= 15)
    }
    // Four minutes at 12 each, and the burst.
    #expect(starts.count >= 12 * 4)
  }

  @Test(
    "a refused call takes nothing: no token of the other bucket and no probe's slot", arguments: StoreKind.allCases)
  func joint(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.limit(.requests, "60/m burst 59")
    try await fixture.limit(.tokens, "100/m burst 99")
    _ = try await fixture.store.enter(DependencyFixture.call(tokens: 100))
    for _ in 0..<100 { #expect(await fixture.refusal(DependencyFixture.call(tokens: 50))?.code == "LIMIT_REACHED") }
    // 59 requests are left, although a hundred were refused.
    for _ in 0..<59 { #expect(await fixture.refusal(DependencyFixture.call(tokens: 0)) == nil) }
    #expect(await fixture.refusal(DependencyFixture.call(tokens: 0))?.code == "LIMIT_REACHED")
  }

  @Test("a limit that refuses during half-open leaves the probe's slot free", arguments: StoreKind.allCases)
  func probe(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.open()
    try await fixture.limit(.tokens, "100/m")
    fixture.clock.advance(by: .seconds(8))
    #expect(await fixture.refusal(DependencyFixture.call(tokens: 200))?.code == "LIMIT_TOO_SMALL")
    #expect(try await fixture.store.breakers().map(\.state) == [.open])
    try await fixture.succeeds()
  }

  @Test(
    "a call that used more than its estimate is charged for the rest; a call that used less gets nothing back",
    arguments: StoreKind.allCases)
  func settled(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.limit(.tokens, "60/m burst 59")
    let permit = try await fixture.store.enter(DependencyFixture.call(tokens: 20))
    await fixture.store.leave(permit, DependencyCallEnd(outcome: .answered, tokens: 50))
    #expect(await fixture.refusal(DependencyFixture.call(tokens: 11))?.retryAfter == .seconds(1))
    let light = try await fixture.store.enter(DependencyFixture.call(tokens: 10))
    await fixture.store.leave(light, DependencyCallEnd(outcome: .answered, tokens: 1))
    #expect(await fixture.refusal(DependencyFixture.call(tokens: 1)) != nil)
  }

  @Test("a call that was never sent gets its tokens back, but not its request", arguments: StoreKind.allCases)
  func neverLeft(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.limit(.tokens, "60/m burst 59")
    try await fixture.limit(.requests, "60/m burst 1")
    let permit = try await fixture.store.enter(DependencyFixture.call(tokens: 60))
    await fixture.store.leave(permit, DependencyCallEnd(outcome: .silent, left: false))
    _ = try await fixture.store.enter(DependencyFixture.call(tokens: 60))
    #expect(await fixture.refusal(DependencyFixture.call(tokens: 0))?.retryAfter == .seconds(1))
  }

  @Test("a limit that the provider announces lowers ours for as long as it states", arguments: StoreKind.allCases)
  func learns(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.limit(.requests, "600/m")
    let permit = try await fixture.store.enter(DependencyFixture.call())
    await fixture.store.leave(
      permit,
      DependencyCallEnd(outcome: .answered, advice: ProviderAdvice(requests: .init(limit: 6, remaining: 5))))
    fixture.clock.advance(by: .milliseconds(100))
    _ = try await fixture.store.enter(DependencyFixture.call())
    let wait = try #require(await fixture.refusal()?.retryAfter)
    #expect(wait > .seconds(9) && wait <= .seconds(10))
    fixture.clock.advance(by: .seconds(60))
    _ = try await fixture.store.enter(DependencyFixture.call())
    #expect(await fixture.refusal()?.retryAfter == .milliseconds(100))
  }

  @Test(
    "a live limit hides the configured one, and lifting it leaves no limit; each provider has its own bucket",
    arguments: StoreKind.allCases)
  func rules(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.limit(.requests, "1/h", provider: "mine", origin: .configuration)
    let other = DependencyFixture.call(provider: "other")
    #expect(await fixture.refusal() == nil)
    #expect(await fixture.refusal()?.retryAfter == .seconds(3600))
    #expect(await fixture.refusal(other) == nil)
    #expect(await fixture.refusal(other) == nil)
    try await fixture.limit(.requests, "1/m", provider: "mine")
    #expect(await fixture.refusal(by: fixture.stores[1])?.retryAfter ?? .zero <= .seconds(60))
    try await fixture.limit(.requests, nil, provider: "mine")
    for store in fixture.stores { #expect(await fixture.refusal(by: store) == nil) }
  }

  @Test("a bucket survives a boot: only the remaining wait applies", arguments: StoreKind.allCases)
  func boot(on kind: StoreKind) async throws {
    let fixture = try await DependencyFixture(kind)
    try await fixture.limit(.requests, "1/m")
    _ = try await fixture.store.enter(DependencyFixture.call())
    let rebooted = ManualClock(bootID: "boot-2")
    rebooted.advance(by: .seconds(5))
    let store = try DependencyFixture.store(fixture.base.folder.path, rebooted, .standard)
    let wait = try #require(await fixture.refusal(by: store)?.retryAfter)
    #expect(wait > .seconds(59) && wait <= .seconds(60))
    rebooted.advance(by: .seconds(60))
    #expect(await fixture.refusal(by: store) == nil)
  }
}
