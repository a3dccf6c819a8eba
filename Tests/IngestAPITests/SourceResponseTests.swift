import IngestAPI
import IngestCore
import IngestOperations
import Testing

@Suite("Sources, limits and pauses as JSON")
struct SourceResponseTests {
  private func report(_ limits: [Limit]) -> SourceReport {
    SourceReport(
      source: "handbook", weight: 2, paused: false, queued: 3, running: 1, waiting: 0, completed: 9, cancelled: 0,
      dead: 1, ready: 0, reason: "throttled", nextAt: Timestamp(rawValue: 0), documents: nil, limits: limits)
  }

  private func json(_ value: some Encodable) throws -> String { try APIJSON.encode(value) { $0.name.rawValue } }

  @Test("a source in a list has its limits, without repeating their scope")
  func source() throws {
    let limit = try Limit(
      .throttle(RateSpec("60/m burst 10")), per: .source, scope: .init(source: "handbook"), origin: .live)
    let response = SourceResponse(report([limit]))
    #expect(
      try json(response)
        == #"{"cancelled":0,"completed":9,"dead":1,"limits":[{"kind":"throttle","origin":"live","per":"source","#
        + #""spec":"60/m burst 10","unit":"jobs"}],"next_at":"1970-01-01T00:00:00.000Z","paused":false,"queued":3,"#
        + #""ready":0,"reason":"throttled","running":1,"source":"handbook","waiting":0,"weight":2}"#)
    #expect(try APIJSON.decode(SourceResponse.self, from: json(response)) == response)
  }

  @Test("a lifted limit has no amount, and shows the configured one that it hides")
  func lifted() throws {
    let id = Limit.ID(.rateLimit, per: .meta("team"), scope: .init(index: "docs"))
    let response = LimitResponse(LimitReport(.lift(id), configured: try .init(.rateLimit, "1/4h")))
    #expect(
      try json(response)
        == #"{"configured":"1/4h","index":"docs","kind":"rate-limit","origin":"live","per":"meta.team","unit":"jobs"}"#)
    #expect(try APIJSON.decode(LimitResponse.self, from: json(response)) == response)
  }

  @Test("a pause names its source or workflow, or states that it covers everything")
  func pauses() throws {
    let changes: [(PauseScope, String)] = [
      (.everything, #"{"all":true,"changed":true,"paused":true}"#),
      (.source("a"), #"{"all":false,"changed":true,"paused":true,"source":"a"}"#),
      (.workflow("b"), #"{"all":false,"changed":true,"paused":true,"workflow":"b"}"#),
    ]
    for (scope, text) in changes {
      #expect(try json(PauseResponse(PauseChange(scope: scope, paused: true, changed: true))) == text)
    }
  }

  @Test("a breaker is opened for a time or until a reset, but not for zero time")
  func opening() throws {
    #expect(try BreakerOpening(for: .seconds(5)) == .lasting(.seconds(5)))
    #expect(try BreakerOpening(for: nil) == .untilReset)
    let failure = #expect(throws: Failure.self) { try BreakerOpening(for: .zero) }
    #expect(failure?.code == "BREAKER_TIME_ZERO")
  }
}
