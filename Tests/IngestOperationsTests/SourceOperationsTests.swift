import IngestCore
import IngestOperations
import IngestTestKit
import Testing

@Suite("Operations on sources and breakers")
struct SourceOperationsTests {
  @Test("a request gives exactly one of the two: names, or all")
  func choice() async throws {
    #expect(await code { _ = try PauseSelection([], isAll: false) } == "SOURCE_MISSING")
    #expect(await code { _ = try PauseSelection(["a"], isAll: true) } == "SOURCE_AND_ALL")
    #expect(try PauseSelection([], isAll: true) == .everything)
    #expect(try PauseSelection(["a"], isAll: false) == .sources(["a"]))
    #expect(await code { _ = try BreakerSelection([], isAll: false) } == "BREAKER_SELECTION")
    #expect(await code { _ = try BreakerSelection(["a"], isAll: true) } == "BREAKER_SELECTION")
    #expect(try BreakerSelection([], isAll: true) == .all)
    #expect(try BreakerSelection(["a"], isAll: false) == .named(["a"]))
    #expect(await code { _ = try BreakerOpening(for: .zero) } == "BREAKER_TIME_ZERO")
  }

  @Test("settings that contradict each other or set nothing are refused before a data folder is needed")
  func contradictions() async throws {
    var settings = SourceSettings(source: nil)
    #expect(await code { try settings.check() } == "SOURCE_MISSING")
    settings = SourceSettings(source: "a", isForAll: true)
    #expect(await code { try settings.check() } == "SOURCE_AND_ALL")
    settings = SourceSettings(source: "a")
    #expect(await code { try settings.check() } == "NOTHING_TO_SET")
    settings.resetsAll = true
    try settings.check()
    settings = SourceSettings(source: nil, isForAll: true)
    settings.weight = .set(2)
    #expect(await code { try settings.check() } == "SOURCE_MISSING")
    settings.weight = nil
    settings.burst = 3
    try settings.check()
  }

  @Test("a burst alone changes the throttle in force, and needs one")
  func burst() async throws {
    let it = try await OperationsFixture()
    _ = try await it.submit("/a", source: "feed")
    var burst = SourceSettings(source: "feed")
    burst.burst = 3
    #expect(await code { try await it.operations.set(burst) } == "BURST_WITHOUT_THROTTLE")
    var throttle = SourceSettings(source: "feed")
    throttle.throttle = .set(try RateSpec("60/m"))
    try await it.operations.set(throttle)
    guard case .one(let sheet, isNew: false) = try await it.operations.set(burst) else {
      Issue.record("not one source")
      return
    }
    #expect(sheet.limits.map { $0.entry.limit?.amount.description } == ["60/m burst 3"])
    throttle.throttle = .set(try RateSpec("60/m burst 2"))
    throttle.burst = 3
    #expect(await code { try await it.operations.set(throttle) } == "BURST_TWICE")
  }

  @Test("an unknown source is refused with the nearest name, or is created on request")
  func unknown() async throws {
    let it = try await OperationsFixture()
    _ = try await it.submit("/a", source: "handbook")
    var settings = SourceSettings(source: "handbok")
    settings.weight = .set(2)
    let failure = await #expect(throws: Failure.self) { try await it.operations.set(settings) }
    #expect(failure?.code == "SOURCE_NOT_FOUND" && failure?.hint.contains("handbook") == true)
    settings.creates = true
    guard case .one(let sheet, isNew: true) = try await it.operations.set(settings) else {
      Issue.record("the source is not new")
      return
    }
    #expect(sheet.report.weight == 2)
  }

  @Test("a pause checks every name first, and the end of the pause of everything names the sources still paused")
  func pauses() async throws {
    let it = try await OperationsFixture()
    _ = try await it.submit("/a", source: "one")
    _ = try await it.submit("/b", source: "two")
    #expect(await code { _ = try await it.operations.pause(.sources(["one", "nope"])) } == "SOURCE_NOT_FOUND")
    #expect(try await !it.operations.source("one").paused)
    #expect(try await it.operations.pause(.sources(["one"])).map(\.changed) == [true])
    #expect(try await it.operations.pause(.sources(["one"])).map(\.changed) == [false])
    #expect(try await it.operations.pause(.everything).map(\.scope) == [.everything])
    #expect(try await it.operations.sources(limit: 10).pauses.everything)
    let report = try await it.operations.resume(.everything)
    #expect(report.changes.map(\.changed) == [true] && !report.pauses.everything)
    #expect(report.pausedSources == ["one"])
  }

  @Test("listing sources applies the configured weights first")
  func configured() async throws {
    var it = try await OperationsFixture()
    _ = try await it.submit("/a", source: "feed")
    it.settings.configuredFlow = ConfiguredFlow(
      limits: [], sources: [.init(name: "feed", weight: 3)], fingerprint: "with a weight")
    #expect(try await it.operations.sources(limit: 10).sources.map(\.weight) == [3])
  }
}
