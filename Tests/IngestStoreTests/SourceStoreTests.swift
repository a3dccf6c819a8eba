import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Reports and settings of a source")
struct SourceStoreTests {
  private func source(_ fixture: StoreFixture, _ name: String) async throws -> SourceReport {
    try #require(try await fixture.store.sources(SourceFilter(names: [name])).first)
  }

  private func configure(
    _ fixture: StoreFixture, _ fingerprint: String, weight: Double? = nil, paused: Bool? = nil
  ) async throws {
    _ = try await fixture.store.configure(
      ConfiguredFlow(
        limits: [], sources: [.init(name: "a", weight: weight, paused: paused)], fingerprint: fingerprint),
      actor: "test")
  }

  @Test(
    "a configured pause follows changes of the configuration, and a person's pause or resume in between stays",
    arguments: StoreKind.allCases)
  func pauses(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    func isPaused() async throws -> Bool {
      let report = try await source(fixture, "a")
      return report.paused
    }
    try await configure(fixture, "1", paused: true)
    #expect(try await isPaused())
    _ = try await fixture.store.resume(.source("a"), actor: "test")
    try await configure(fixture, "2", weight: 2, paused: true)
    #expect(try await !isPaused(), "the setting in the file did not change")
    try await configure(fixture, "3", paused: false)
    _ = try await fixture.store.pause(.source("a"), actor: "test")
    try await configure(fixture, "4", weight: 2, paused: false)
    #expect(try await isPaused())
    try await configure(fixture, "5", weight: 2)
    #expect(try await isPaused(), "a person paused it, not the file")
    try await configure(fixture, "6", paused: false)
    #expect(try await !isPaused())
    try await configure(fixture, "7", paused: true)
    try await configure(fixture, "8")
    #expect(try await !isPaused(), "a pause from the file ends when the file drops it")
  }

  @Test(
    "resetting a weight restores the configured weight and pauses nothing", arguments: StoreKind.allCases)
  func weights(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    func weight() async throws -> Double {
      let report = try await source(fixture, "a")
      return report.weight
    }
    try await configure(fixture, "1", weight: 3, paused: true)
    _ = try await fixture.store.resume(.source("a"), actor: "test")
    try await fixture.store.setWeight(5, source: "a", actor: "test")
    try await configure(fixture, "2", weight: 4, paused: true)
    #expect(try await weight() == 5)
    try await fixture.store.setWeight(nil, source: "a", actor: "test")
    #expect(try await weight() == 4)
    try await configure(fixture, "2", weight: 4, paused: true)
    #expect(try await !source(fixture, "a").paused)
    try await configure(fixture, "3")
    #expect(try await weight() == 1)
    try await fixture.store.setWeight(2, source: "a", actor: "test")
    try await fixture.store.setWeight(nil, source: "a", actor: "test")
    #expect(try await weight() == 1)
  }

  @Test("a source can be created before its first document, once", arguments: StoreKind.allCases)
  func create(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let isNew = try await fixture.store.createSource("a", actor: "test")
    let again = try await fixture.store.createSource("a", actor: "test")
    #expect(isNew && !again)
    #expect(try await source(fixture, "a").weight == 1)
    try await fixture.submit(1, source: "a")
    #expect(try await source(fixture, "a").queued == 1)
  }

  @Test("the remainder of each limit is reported as the next claim would find it", arguments: StoreKind.allCases)
  func free(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.submit(6, source: "a")
    try await fixture.limit(
      try .throttle("60/m burst 3", source: "a"), .concurrency(3, source: "a"), .throttle("9/h", per: .meta("team")),
      .concurrency(7, per: .source), .throttle("5/h", source: "b"))
    func free() async throws -> [String] {
      let limits = try await fixture.store.limits(ofSource: "a")
      return limits.map { "\($0.entry.limit?.amount.description ?? "-") \($0.free.map { "\($0)" } ?? "-")" }
    }
    #expect(try await free() == ["7 7", "3 3", "9/h -", "60/m burst 3 4"])
    // Jobs without that metadata entry share one start.
    #expect(try await fixture.claim(worker, limit: 5).count == 1)
    #expect(try await free() == ["7 6", "3 2", "9/h -", "60/m burst 3 3"])
    fixture.clock.advance(by: .milliseconds(1500))
    #expect(try await free() == ["7 6", "3 2", "9/h -", "60/m burst 3 4"])
  }

  @Test(
    "a live limit is shown with the configured one that it hides, a lifted one without an amount",
    arguments: StoreKind.allCases)
  func hidden(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let configured = try Limit.throttle("1/h", source: "a", origin: .configuration)
    _ = try await fixture.store.configure(
      ConfiguredFlow(limits: [configured], sources: [], fingerprint: "1"), actor: "test")
    func shown() async throws -> LimitReport? {
      let limits = try await fixture.store.limits(ofSource: "a")
      return limits.first
    }
    #expect(try await shown() == LimitReport(.limit(configured), free: 1))
    try await fixture.limit(try .throttle("2/h", source: "a"))
    #expect(
      try await shown()
        == LimitReport(.limit(.throttle("2/h", source: "a")), configured: .init(.throttle, "1/h"), free: 1))
    try await fixture.store.setLimits([.lift(configured.id)], actor: "test")
    #expect(try await shown() == LimitReport(.lift(configured.id), configured: .init(.throttle, "1/h")))
    try await fixture.store.setLimits([.reset(configured.id)], actor: "test")
    #expect(try await shown()?.entry == .limit(configured))
  }

  @Test("pauses of other things than sources are listed", arguments: StoreKind.allCases)
  func pauseReport(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    #expect(try await fixture.store.pauses() == PauseReport(everything: false, workflows: []))
    for scope in [PauseScope.workflow("b"), .everything, .workflow("a")] {
      _ = try await fixture.store.pause(scope, actor: "test")
    }
    #expect(try await fixture.store.pauses() == PauseReport(everything: true, workflows: ["a", "b"]))
  }
}
