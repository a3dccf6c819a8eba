import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Leases, fences and deaths")
struct LeaseTests {
  @Test(
    "a worker that lost its lease can neither checkpoint nor finish nor save progress", arguments: StoreKind.allCases)
  func fence(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let late = try await fixture.worker("late")
    let next = try await fixture.worker("next")
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let lost = try #require(try await fixture.claim(late).first)
    fixture.clock.advance(by: .seconds(31))
    let taken = try #require(try await fixture.claim(next).first)
    #expect(taken.lease.fence > lost.lease.fence)
    await #expect(throws: LeaseLost.self) {
      try await fixture.store.checkpoint(lost.lease, fixture.checkpoint(lost, 0))
    }
    await #expect(throws: LeaseLost.self) { try await fixture.store.finish(lost.lease, .completed, last: nil) }
    await #expect(throws: LeaseLost.self) {
      try await fixture.store.save(
        lost.lease, step: "step-0", position: 0, StepSave(progress: StepProgress(done: 1, unit: "pages")))
    }
    try await fixture.finish(taken)
    #expect(try await fixture.store.job(taken.lease.job).state == .completed)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a renewed lease lasts beyond its first end", arguments: StoreKind.allCases)
  func renews(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let other = try await fixture.worker("other")
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let job = try #require(try await fixture.claim(worker).first)
    fixture.clock.advance(by: .seconds(20))
    let report = try await fixture.store.renew(worker, leases: [job.lease], for: .seconds(30))
    #expect(report.lost.isEmpty)
    fixture.clock.advance(by: .seconds(20))
    #expect(try await fixture.claim(other).isEmpty)
    fixture.clock.advance(by: .seconds(11))
    #expect(try await fixture.claim(other).count == 1)
    #expect(try await fixture.store.renew(worker, leases: [job.lease], for: .seconds(30)).lost == [job.lease])
  }

  @Test("a dead worker's job continues from its checkpoint and spends no attempt", arguments: StoreKind.allCases)
  func reclaims(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let dead = try await fixture.worker("dead")
    let next = try await fixture.worker("next")
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    _ = try await fixture.store.submit(StoreFixture.request("/b", "other"))
    let jobs = try await fixture.claim(dead, limit: 2)
    try await fixture.store.checkpoint(jobs[0].lease, fixture.checkpoint(jobs[0], 0))
    #expect(try await fixture.store.reclaim(dead: dead) == 2)
    #expect(try await fixture.store.reclaim(dead: dead) == 0)
    let again = try await fixture.claim(next, limit: 2)
    let first = try #require(again.first { $0.lease.job == jobs[0].lease.job })
    #expect(first.steps.map(\.result) == ["{}"])
    #expect(first.steps.allSatisfy { $0.attempts == 0 })
    #expect(try await fixture.countersAreTrue())
  }

  @Test("leases of an earlier boot are void as soon as a worker registers", arguments: StoreKind.allCases)
  func reboot(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    _ = try await fixture.claim(worker)
    try await fixture.store.register(
      WorkerRegistration(
        id: WorkerID(rawValue: "after"), process: 1, host: "here", bootID: "boot-2",
        liveness: LivenessToken(rawValue: "x"), concurrency: 1))
    #expect(try await fixture.claim(WorkerID(rawValue: "after")).count == 1)
  }

  @Test("leases end by their own clock, not by the wall clock", arguments: StoreKind.allCases)
  func leaseClock(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let leases = ManualClock(bootID: fixture.clock.bootID)
    let store = Store(
      database: fixture.database, clock: fixture.clock, leases: leases,
      identifiers: IdentifierGenerator(clock: fixture.clock, random: SystemRandom()))
    let worker = try await fixture.worker()
    _ = try await store.submit(StoreFixture.request("/a"))
    func claim() async throws -> Int {
      try await store.claim(
        ClaimRequest(worker: worker, limit: 1, scope: WorkScope(), lease: .seconds(30), idle: true)
      ).jobs.count
    }
    #expect(try await claim() == 1)
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await claim() == 0)
    leases.advance(by: .seconds(31))
    #expect(try await claim() == 1)
  }

  @Test(
    "a document that was alone in its process at three deaths is quarantined; others are not",
    arguments: StoreKind.allCases)
  func quarantines(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    _ = try await fixture.store.submit(StoreFixture.request("/killer", "killer"))
    _ = try await fixture.store.submit(StoreFixture.request("/bystander", "bystander"))
    // Both were in flight at two deaths, so nobody knows which one caused them.
    for round in 1...2 {
      let worker = try await fixture.worker("together-\(round)")
      #expect(try await fixture.claim(worker, limit: 2).count == 2)
      _ = try await fixture.store.reclaim(dead: worker)
    }
    // From now on each runs alone.
    let sound = try await fixture.worker("sound")
    let refused = try await fixture.store.claim(
      ClaimRequest(worker: sound, limit: 2, scope: WorkScope(), lease: .seconds(30), idle: false))
    #expect(refused.jobs.isEmpty)
    #expect(refused.aloneWaiting)
    for round in 1...3 {
      let worker = try await fixture.worker("alone-\(round)")
      let claimed = try await fixture.claim(worker, limit: 2)
      #expect(claimed.count == 1)
      #expect(claimed[0].alone)
      #expect(try await fixture.store.job(claimed[0].lease.job).uri == "/killer")
      _ = try await fixture.store.reclaim(dead: worker)
    }
    let dead = try await fixture.store.dead(JobFilter())
    #expect(dead.map(\.uri) == ["/killer"])
    #expect(dead.first?.error.code == "QUARANTINED")
    let bystander = try #require(try await fixture.claim(sound, limit: 2).first)
    try await fixture.finish(bystander)
    #expect(try await fixture.store.job(bystander.lease.job).uri == "/bystander")
    // The same bytes under another name are recognised.
    let copy = try await fixture.store.submit(StoreFixture.request("/copy", "killer"))
    #expect(try await fixture.claim(sound).isEmpty)
    #expect(try await fixture.store.job(try #require(copy.job)).state == .dead)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a checkpoint resets the count of deaths", arguments: StoreKind.allCases)
  func resets(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    for round in 1...4 {
      let worker = try await fixture.worker("worker-\(round)")
      let job = try #require(try await fixture.claim(worker).first)
      try await fixture.store.checkpoint(job.lease, fixture.checkpoint(job, round - 1))
      _ = try await fixture.store.reclaim(dead: worker)
    }
    #expect(try await fixture.store.dead(JobFilter()).isEmpty)
  }

  @Test("parser deaths are counted by content, and a checkpoint resets the count", arguments: StoreKind.allCases)
  func poison(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/a")).job)
    func crash() async throws {
      let job = try #require(try await fixture.claim(worker).first)
      try await fixture.store.finish(
        job.lease, .retry(fixture.failed(.poison), after: .seconds(1), spends: true, reason: .retrying), last: nil)
      fixture.clock.advance(by: .seconds(1))
    }
    try await crash()
    try await crash()
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.store.checkpoint(job.lease, fixture.checkpoint(job, 0))
    try await fixture.store.finish(job.lease, .released, last: nil)
    for _ in 1...2 {
      try await crash()
      #expect(try await fixture.store.job(id).state == .queued)
    }
    try await crash()
    let report = try await fixture.store.job(id)
    #expect(report.state == .dead)
    #expect(report.error?.code == "QUARANTINED")
    #expect(report.error?.causes.first?.kind == .poison)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a released job is queued again at once and spends no attempt", arguments: StoreKind.allCases)
  func releases(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    for _ in 1...5 {
      let job = try #require(try await fixture.claim(worker).first)
      #expect(!job.alone)
      try await fixture.store.finish(job.lease, .released, last: nil)
    }
    #expect(try await fixture.countersAreTrue())
  }
}
