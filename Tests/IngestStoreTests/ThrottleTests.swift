import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Throttles")
struct ThrottleTests {
  @Test(
    "a source starts burst + 1 jobs at once and the rest evenly, in order; no period has more than limit + burst",
    arguments: StoreKind.allCases)
  func spaces(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .throttle("60/m burst 2", source: "default"))
    try await fixture.submit(70)
    let first = try await fixture.claim(worker, limit: 8)
    #expect(first.count == 3)
    for job in first { try await fixture.finish(job) }
    let again = try await fixture.store.claim(
      ClaimRequest(worker: worker, limit: 8, scope: WorkScope(), lease: .seconds(30), idle: true))
    #expect(again.jobs.isEmpty)
    #expect(again.nextDue == .seconds(1))
    let rest = try await fixture.drain(worker)
    #expect(rest.count == 67)
    let uris = try (first + rest).map { try fixture.uri($0) }
    #expect(uris == (0..<70).map { "/default/\($0)" })
    let starts = try await fixture.starts(of: "default")
    #expect(most(starts, in: .seconds(60)) == 62)
    #expect(starts[69] - starts[2] >= 67_000_000)
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }

  @Test(
    "a throttled source delays no other, and its waiting jobs spend no attempt",
    arguments: StoreKind.allCases)
  func isolates(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .throttle("1/h", source: "slow"))
    try await fixture.submit(20, source: "slow")
    try await fixture.submit(5, source: "quick")
    let claimed = try await fixture.claim(worker, limit: 10)
    let uris = try claimed.map { try fixture.uri($0) }
    #expect(uris.filter { $0.hasPrefix("/slow") }.count == 1)
    #expect(uris.filter { $0.hasPrefix("/quick") }.count == 5)
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
    let waiting = try await fixture.store.jobs(JobFilter(source: "slow", state: .queued))
    #expect(waiting.count == 19)
    #expect(waiting.allSatisfy { $0.attempts.isEmpty && $0.steps.allSatisfy { $0.attempts == 0 } })
  }

  @Test(
    "each value of a key has its own bucket: source, index, workflow, tenant, meta, document",
    arguments: StoreKind.allCases)
  func keys(on kind: StoreKind) async throws {
    let keys: [(LimitKey, Int)] = [
      (.source, 2), (.index, 1), (.workflow, 1), (.provider, 1), (.tenant, 3), (.meta("team"), 2), (.document, 8),
    ]
    for (key, buckets) in keys {
      let fixture = try await StoreFixture(kind)
      let worker = try await fixture.worker()
      try await fixture.limit(try .throttle("1/h", per: key))
      for number in 0..<8 {
        var request = StoreFixture.request("/\(number)", source: number < 4 ? "a" : "b")
        request.meta = ["tenant": "t\(number % 3)", "team": "x\(number % 2)"]
        _ = try await fixture.store.submit(request)
      }
      let claimed = try await fixture.claim(worker, limit: 20)
      #expect(claimed.count == buckets, "per \(key)")
      let isTrue = try await fixture.countersAreTrue()
      #expect(isTrue)
    }
  }

  @Test("a job takes from all its limits or from none", arguments: StoreKind.allCases)
  func joint(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .throttle("10/h burst 9", per: .index), .throttle("1/h", per: .meta("team")))
    try await fixture.submit(5, meta: ["team": "red"])
    #expect(try await fixture.claim(worker, limit: 8).count == 1)
    #expect(try await fixture.claim(worker, limit: 8).isEmpty)
    // The four of team red that could not start took nothing from the index's ten.
    try await fixture.submit(12, source: "other", meta: ["team": ""])
    try await fixture.store.setLimits([.reset(.throttle(per: .meta("team")))], actor: "test")
    let claimed = try await fixture.claim(worker, limit: 20)
    #expect(claimed.count == 9)
  }

  @Test(
    "a limit that is set, changed or lifted live applies to waiting jobs from the next claim on",
    arguments: StoreKind.allCases)
  func live(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.submit(30, meta: ["team": "red"])
    try await fixture.limit(try .throttle("1/h", per: .meta("team")))
    #expect(try await fixture.claim(worker, limit: 8).count == 1)
    #expect(try await fixture.claim(worker, limit: 8).isEmpty)
    try await fixture.limit(try .throttle("1/s", per: .meta("team")))
    // The change wakes the workers: from their next claim on, starts at the old rate count in units of the new one.
    #expect(try await fixture.claim(worker, limit: 8).isEmpty)
    fixture.clock.advance(by: .milliseconds(1001))
    #expect(try await fixture.claim(worker, limit: 8).count == 1)
    try await fixture.store.setLimits([.lift(.throttle(per: .meta("team")))], actor: "test")
    #expect(try await fixture.claim(worker, limit: 8).count == 8)
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }

  @Test("buckets survive another boot: it frees no tokens and blocks nothing for ever", arguments: StoreKind.allCases)
  func boots(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind, clock: ManualClock(bootID: "boot-1"))
    let worker = try await fixture.worker()
    try await fixture.limit(try .throttle("1/m"))
    try await fixture.submit(4)
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await fixture.claim(worker, limit: 8).count == 1)
    #expect(try await fixture.claim(worker, limit: 8).isEmpty)
    // The clock of the new boot starts near 0, an hour behind that of the old one.
    let clock = ManualClock(bootID: "boot-2")
    let store = Store(
      database: fixture.database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    try await store.register(
      WorkerRegistration(
        id: WorkerID(rawValue: "worker-2"), process: 1, host: "here", bootID: "boot-2",
        liveness: LivenessToken(rawValue: "/x"), concurrency: 8))
    let request = ClaimRequest(
      worker: WorkerID(rawValue: "worker-2"), limit: 8, scope: WorkScope(), lease: .seconds(30), idle: true)
    clock.advance(by: .seconds(20))
    #expect(try await store.claim(request).jobs.isEmpty)
    clock.advance(by: .seconds(59))
    #expect(try await store.claim(request).jobs.isEmpty)
    clock.advance(by: .seconds(1))
    #expect(try await store.claim(request).jobs.count == 1)
  }

  @Test(
    "with twenty keys, random loads, deaths and changes, no period ever has more starts than limit + burst",
    arguments: StoreKind.allCases)
  func never(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    var random = SplitMix(seed: 7)
    let names = (0..<20).map { "s\($0)" }
    var specs: [String: (limit: Int, period: Int, burst: Int)] = [:]
    for name in names {
      let spec = (limit: Int(random.next() % 9) + 1, period: Int(random.next() % 20) + 1, burst: Int(random.next() % 4))
      specs[name] = spec
      try await fixture.limit(try .throttle("\(spec.limit)/\(spec.period)s burst \(spec.burst)", source: name))
      try await fixture.submit(60, source: name)
    }
    var workers = [try await fixture.worker("w0"), try await fixture.worker("w1"), try await fixture.worker("w2")]
    var held: [[ClaimedJob]] = [[], [], []]
    for round in 0..<1500 {
      let turn = Int(random.next() % 3)
      held[turn] += try await fixture.claim(workers[turn], limit: Int(random.next() % 8) + 1)
      switch random.next() % 10 {
      case 0:
        // The worker dies; its jobs start again, and are counted again.
        _ = try await fixture.store.reclaim(dead: workers[turn])
        workers[turn] = try await fixture.worker("w\(turn)-\(round)")
        held[turn] = []
      case 1: for job in held[turn] { try await fixture.store.finish(job.lease, .released, last: nil) }
      default: for job in held[turn] { try await fixture.finish(job) }
      }
      held[turn] = []
      fixture.clock.advance(by: .milliseconds(Int(random.next() % 700)))
    }
    for name in names {
      let spec = try #require(specs[name])
      let starts = try await fixture.starts(of: name)
      #expect(starts.count > 20)
      #expect(most(starts, in: .seconds(spec.period)) <= spec.limit + spec.burst, "\(name) \(spec)")
    }
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }
}
