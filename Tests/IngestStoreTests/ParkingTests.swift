import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Jobs that are parked at a dependency")
struct ParkingTests {
  private static let name = "embed:openai:model@host"

  /// Returns a store whose breaker of the dependency a person opened, by default for a minute.
  private func opened(_ fixture: StoreFixture, for duration: Duration? = .seconds(60)) async throws {
    let permit = try await fixture.store.enter(DependencyCall(dependency: Self.name, provider: "p"))
    await fixture.store.leave(permit, DependencyCallEnd(outcome: .answered))
    _ = try await fixture.store.openBreaker(Self.name, for: duration, actor: "test")
  }

  /// Runs a claimed job up to its call, which the breaker refuses.
  private func refuse(_ fixture: StoreFixture, _ job: ClaimedJob) async throws {
    do {
      _ = try await fixture.store.enter(DependencyCall(dependency: Self.name, provider: "p"))
      Issue.record("the call was let through")
    } catch let failure as Failure {
      let recorded = failure.during(step: "step-0", attempt: 1)
      let attempt = FailedAttempt(
        position: 0, failure: recorded, startedAt: fixture.clock.now, finishedAt: fixture.clock.now)
      let wait = try #require(failure.retryAfter)
      try await fixture.store.finish(
        job.lease, .retry(attempt, after: wait, spends: false, reason: .breakerOpen), last: nil)
    }
  }

  @Test(
    "jobs at an open breaker are shown with that reason and the time of the next probe, apart from throttled ones",
    arguments: StoreKind.allCases)
  func reasons(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await opened(fixture)
    try await fixture.submit(12)
    for job in try await fixture.claim(worker, limit: 12) { try await refuse(fixture, job) }
    try await fixture.submit(3, source: "slow")
    try await fixture.limit(try .throttle("1/h", source: "slow"))
    let started = try await fixture.claim(worker, limit: 3)
    #expect(started.count == 1)
    let held = try await fixture.store.jobs(JobFilter(reason: .breakerOpen, limit: 50))
    #expect(held.count == 12)
    #expect(held.allSatisfy { $0.reason == "breaker-open" && $0.explanation?.contains(Self.name) == true })
    let times = held.compactMap(\.nextAt)
    #expect(times.count == 12)
    #expect(times.allSatisfy { $0 > fixture.clock.now && $0 <= fixture.clock.now + .seconds(60) })
    let throttled = try await fixture.store.jobs(JobFilter(reason: .throttled, limit: 50))
    #expect(throttled.count == 2)
    #expect(throttled.allSatisfy { $0.source == "slow" && $0.explanation?.contains("1/h") == true })
    let status = try await fixture.store.status()
    let counts = Dictionary(uniqueKeysWithValues: status.queuedReasons.map { ($0.reason, $0.count) })
    #expect(counts == [.breakerOpen: 12, .throttled: 2])

    // Closed again: they start one by one, and the breaker is no longer their reason.
    _ = try await fixture.store.resetBreakers([Self.name], actor: "test")
    let first = try await fixture.claim(worker, limit: 12)
    #expect(first.count >= 1 && first.count < 12)
    let rest = try await fixture.store.jobs(JobFilter(source: "default", state: .queued, limit: 50))
    #expect(rest.count == 12 - first.count)
    #expect(rest.allSatisfy { $0.reason == "throttled" && $0.explanation?.contains(Self.name) == true })
    let again = try await fixture.store.status()
    #expect(again.queuedReasons.first { $0.reason == .throttled }?.count == 14 - first.count)
    #expect(again.queuedReasons.allSatisfy { $0.reason != .breakerOpen })
  }

  @Test(
    "parked jobs wait in one closed lane, spend no attempt, and start spread out once the breaker has closed",
    arguments: StoreKind.allCases)
  func spreadsOut(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await opened(fixture)
    try await fixture.submit(20)
    for job in try await fixture.claim(worker, limit: 20) { try await refuse(fixture, job) }
    #expect(try await fixture.claim(worker, limit: 20).isEmpty)
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
    let jobs = try await fixture.store.jobs(JobFilter(source: "default", state: .queued))
    #expect(jobs.count == 20)
    #expect(jobs.allSatisfy { $0.attempts.isEmpty && $0.steps.allSatisfy { $0.attempts == 0 } })

    // The wait is over: one job is the probe, and the others wait for its outcome.
    fixture.clock.advance(by: .seconds(60))
    let probe = try await fixture.claim(worker, limit: 20)
    #expect(probe.count == 1)
    #expect(try await fixture.claim(worker, limit: 20).isEmpty)
    for _ in 0..<2 {
      let permit = try await fixture.store.enter(DependencyCall(dependency: Self.name, provider: "p"))
      await fixture.store.leave(permit, DependencyCallEnd(outcome: .answered))
    }
    try await fixture.finish(probe[0])
    // The breaker is closed: the rest start one by one.
    var starts: [Int64] = []
    while starts.count < 19 {
      let result = try await fixture.store.claim(
        ClaimRequest(worker: worker, limit: 20, scope: WorkScope(), lease: .seconds(30), idle: true))
      #expect(result.jobs.count <= 1)
      for job in result.jobs {
        starts.append(fixture.clock.uptime)
        try await fixture.finish(job)
      }
      if result.jobs.isEmpty { fixture.clock.advance(by: try #require(result.nextDue)) }
    }
    #expect((starts.last ?? 0) - (starts.first ?? 0) >= 18 * 45_000)
    let isStillTrue = try await fixture.countersAreTrue()
    #expect(isStillTrue)
  }

  @Test(
    "jobs parked at a breaker that a person opened start when a person closes it, also over a thousand lanes",
    arguments: StoreKind.allCases)
  func byHand(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .concurrency(100, per: .document))
    try await fixture.submit(100)
    try await opened(fixture)
    for _ in 0..<20 {
      for job in try await fixture.claim(worker, limit: 20) { try await refuse(fixture, job) }
    }
    _ = try await fixture.store.openBreaker(Self.name, for: nil, actor: "test")
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await fixture.claim(worker, limit: 20).isEmpty)
    #expect(try await fixture.claim(worker, limit: 20).isEmpty)
    // Only a person can release them, and the counters are true.
    let outlook = try await fixture.store.outlook(WorkScope())
    #expect(outlook.stuck == 100 && outlook.queued == 0)
    let scoped = try await fixture.store.outlook(WorkScope(sources: ["default"]))
    #expect(scoped.stuck == 100)
    let problems = try await fixture.store.counterProblems()
    #expect(problems.isEmpty)
    _ = try await fixture.store.resetBreakers([Self.name], actor: "test")
    let started = try await fixture.drain(worker, limit: 20)
    #expect(started.count == 100)
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }
}
