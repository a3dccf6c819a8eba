import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Lanes")
struct LaneTests {
  @Test("a large backlog delays other sources by no more than its share", arguments: StoreKind.allCases)
  func fair(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.submit(400, source: "large")
    for number in 0..<10 { try await fixture.submit(10, source: "small-\(number)") }
    var starts = 0
    var small = 0
    while small < 100 {
      let jobs = try await fixture.claim(worker, limit: 8)
      for job in jobs {
        starts += 1
        if try fixture.uri(job).hasPrefix("/small") { small += 1 }
        try await fixture.finish(job)
      }
    }
    // Eleven sources with ten jobs each; one claim may run ahead.
    #expect(starts <= 110 + 8)
  }

  @Test(
    "a source that has work again gets the lowest virtual time of the others, as in `Fairness`",
    arguments: StoreKind.allCases)
  func level(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    func times() async throws -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: try await fixture.database.read { db in
          try db.rows("SELECT name, virtual_time FROM sources") { ($0.text(0), $0.double(1)) }
        })
    }
    try await fixture.submit(1, source: "new")
    try await fixture.finish(try #require(try await fixture.claim(worker).first))
    try await fixture.submit(30, source: "busy")
    for _ in 0..<20 { try await fixture.finish(try #require(try await fixture.claim(worker).first)) }
    let before = try await times()
    let (own, least) = (try #require(before["new"]), try #require(before["busy"]))
    #expect(own < least)
    try await fixture.submit(1, source: "new", from: 1)
    let after = try await times()
    #expect(after["new"] == Fairness.level(own, least: least))
    #expect(after["busy"] == least)
  }

  @Test(
    "within a source, the job that has waited longest starts first; priority counts as waiting time",
    arguments: StoreKind.allCases)
  func inOrder(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .concurrency(100, per: .meta("team")))
    for number in 0..<12 {
      var request = StoreFixture.request("/\(number)", priority: number == 9 ? 1 : 0)
      request.meta = ["team": "t\(number % 4)"]
      _ = try await fixture.store.submit(request)
      fixture.clock.advance(by: .seconds(5))
    }
    var order: [String] = []
    for _ in 0..<12 {
      let job = try #require(try await fixture.claim(worker).first)
      order.append(try fixture.uri(job))
      try await fixture.finish(job)
    }
    #expect(order == ["/9"] + (0..<12).filter { $0 != 9 }.map { "/\($0)" })
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }

  @Test(
    "a limit per document makes one lane for each document, and a claim reads a bounded number of lanes",
    arguments: StoreKind.allCases)
  func many(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .throttle("1/h", per: .document), .throttle("100/s burst 1000", per: .index))
    try await fixture.submit(200)
    var started = 0
    for _ in 0..<60 where started < 200 {
      let jobs = try await fixture.claim(worker, limit: 8)
      for job in jobs {
        started += 1
        try await fixture.finish(job)
      }
      fixture.clock.advance(by: .milliseconds(100))
    }
    #expect(started == 200)
    // The second revision of each document waits out that document's hour; a new document does not wait behind them.
    for number in 0..<200 {
      _ = try await fixture.store.submit(StoreFixture.request("/default/\(number)", "again \(number)"))
    }
    try await fixture.submit(1, from: 500)
    var uris: [String] = []
    for _ in 0..<6 {
      let result = try await fixture.store.claim(
        ClaimRequest(worker: worker, limit: 8, scope: WorkScope(), lease: .seconds(30), idle: true))
      for job in result.jobs {
        uris.append(try fixture.uri(job))
        try await fixture.finish(job)
      }
      if result.nextDue != .zero { break }
    }
    #expect(uris == ["/default/500"])
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
    fixture.clock.advance(by: .seconds(3600))
    let rest = try await fixture.drain(worker)
    #expect(rest.count == 200)
  }

  @Test(
    "parking or cancelling a job in a closed lane leaves the counters true",
    arguments: StoreKind.allCases)
  func cancelsInClosedLanes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .throttle("1/h"))
    var receipts: [SubmitReceipt] = []
    for number in 0..<4 { receipts.append(try await fixture.store.submit(StoreFixture.request("/\(number)"))) }
    #expect(try await fixture.claim(worker, limit: 8).count == 1)
    _ = try await fixture.store.cancel(try #require(receipts[2].job), actor: "test")
    // A newer revision supersedes a job that waits in the closed lane.
    _ = try await fixture.store.submit(StoreFixture.request("/3", "newer"))
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
    try await fixture.store.setLimits([.lift(.throttle())], actor: "test")
    let uris = try await fixture.claim(worker, limit: 8).map { try fixture.uri($0) }
    #expect(uris == ["/1", "/3"])
    let isStillTrue = try await fixture.countersAreTrue()
    #expect(isStillTrue)
  }
}
