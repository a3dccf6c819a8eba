import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Concurrency limits")
struct ConcurrencyTests {
  /// Every way in which a job stops running.
  enum Exit: CaseIterable {
    case completed, retried, dead, cancelled, released, generation, sleeps, signal, children, parked, died, lapsed
  }

  @Test(
    "no more jobs of one key run at once than its limit, and every way to stop running frees the slot",
    arguments: StoreKind.allCases,
    Exit.allCases)
  func exits(on kind: StoreKind, _ exit: Exit) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .concurrency(2, source: "default"))
    try await fixture.submit(6)
    let running = try await fixture.claim(worker, limit: 8)
    #expect(running.count == 2)
    #expect(try await fixture.claim(worker, limit: 8).isEmpty)
    let job = try #require(running.first)
    func end(_ outcome: JobOutcome) async throws {
      try await fixture.store.finish(job.lease, outcome, last: nil)
    }
    var free = 1
    switch exit {
    case .completed: try await fixture.finish(job)
    case .retried: try await end(.retry(fixture.failed(), after: .seconds(99), spends: true, reason: .retrying))
    case .dead: try await end(.dead(fixture.failed()))
    case .cancelled:
      _ = try await fixture.store.cancel(job.lease.job, actor: "test")
      try await end(.cancelled)
    case .released: try await end(.released)
    case .generation: try await end(.gathers)
    case .sleeps:
      try await end(.waits(.until(fixture.clock.now + .seconds(99)), step: "step-0", position: 0, cursor: "{}"))
    case .signal: try await end(.waits(.signal("go", until: nil), step: "step-0", position: 0, cursor: "{}"))
    case .children: try await end(.waits(.children, step: "step-0", position: 0, cursor: "{}"))
    case .parked: try await end(.parked(StepGates(workflow: "ingest", step: "step-0", concurrency: 9)))
    case .died:
      _ = try await fixture.store.reclaim(dead: worker)
      free = 2
    case .lapsed:
      fixture.clock.advance(by: .seconds(31))
      free = 2
    }
    let other = try await fixture.worker("worker-2")
    #expect(try await fixture.claim(other, limit: 8).count == free)
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }

  @Test("slots are counted over all workers, by key and source", arguments: StoreKind.allCases)
  func shared(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let (one, two) = (try await fixture.worker("one"), try await fixture.worker("two"))
    try await fixture.limit(try .concurrency(3, per: .index), .concurrency(2, per: .meta("team")))
    try await fixture.submit(5, source: "a", meta: ["team": "red"])
    try await fixture.submit(5, source: "b", meta: ["team": "blue"])
    let first = try await fixture.claim(one, limit: 2)
    let second = try await fixture.claim(two, limit: 8)
    #expect(first.count + second.count == 3)
    #expect(try await fixture.claim(one, limit: 8).isEmpty)
    for job in first + second { try await fixture.finish(job) }
    #expect(try await fixture.claim(one, limit: 8).count == 3)
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }

  @Test("a limit that is raised or lowered live counts the running jobs", arguments: StoreKind.allCases)
  func changes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.limit(try .concurrency(1))
    try await fixture.submit(9)
    let first = try await fixture.claim(worker, limit: 8)
    #expect(first.count == 1)
    try await fixture.limit(try .concurrency(3))
    let more = try await fixture.claim(worker, limit: 8)
    #expect(more.count == 2)
    try await fixture.limit(try .concurrency(1))
    try await fixture.finish(first[0])
    #expect(try await fixture.claim(worker, limit: 8).isEmpty)
    for job in more { try await fixture.finish(job) }
    #expect(try await fixture.claim(worker, limit: 8).count == 1)
  }

  @Test(
    "a limit that is set live counts jobs that already run, even when it was lifted in between",
    arguments: StoreKind.allCases)
  func countsThoseThatRun(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.submit(12, meta: ["team": "red"])
    var running = try await fixture.claim(worker, limit: 3)
    for limit in try [Limit.concurrency(4), .concurrency(4, per: .meta("team"))] {
      try await fixture.limit(limit)
      running += try await fixture.claim(worker, limit: 8)
      #expect(running.count == 4)
      let isTrue = try await fixture.countersAreTrue()
      #expect(isTrue)
      try await fixture.store.setLimits([.lift(limit.id)], actor: "test")
      let more = try await fixture.claim(worker, limit: 1)
      #expect(more.count == 1)
      try await fixture.limit(limit)
      try await fixture.finish(running.removeFirst())
      #expect(try await fixture.claim(worker, limit: 8).isEmpty)
      running += more
      try await fixture.store.setLimits([.lift(limit.id)], actor: "test")
      try await fixture.finish(running.removeFirst())
    }
    for job in running { try await fixture.finish(job) }
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }

  @Test(
    "a step's own limits are granted together with the job's, or the job waits and takes none of them",
    arguments: StoreKind.allCases)
  func steps(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    try await fixture.submit(3)
    let step = StepGates(workflow: "ingest", step: "step-1", throttle: try RateSpec("1/m"), concurrency: 2)
    let jobs = try await fixture.claim(worker, limit: 3)
    let first = try await fixture.store.admit(jobs[0].lease, step)
    #expect(first == .granted)
    let second = try await fixture.store.admit(jobs[1].lease, step)
    #expect(second == .wait(.seconds(60)))
    for job in jobs[1...] { try await fixture.store.finish(job.lease, .parked(step), last: nil) }
    #expect(try await fixture.claim(worker, limit: 3).isEmpty)
    fixture.clock.advance(by: .seconds(60))
    try await fixture.renew(worker, jobs[0])
    let parked = try await fixture.claim(worker, limit: 3)
    #expect(parked.count == 1)
    #expect(parked.first?.admittedStep == "step-1")
    fixture.clock.advance(by: .seconds(60))
    // Two slots are taken; the third job waits for one even if its throttle would let it start.
    try await fixture.renew(worker, jobs[0], parked[0])
    #expect(try await fixture.claim(worker, limit: 3).isEmpty)
    try await fixture.store.checkpoint(jobs[0].lease, fixture.checkpoint(jobs[0], 1))
    let last = try await fixture.claim(worker, limit: 3)
    #expect(last.count == 1)
    try await fixture.finish(last[0])
    let isTrue = try await fixture.countersAreTrue()
    #expect(isTrue)
  }

  @Test("a limit that counts step starts applies to every step of a source", arguments: StoreKind.allCases)
  func stepStarts(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    #expect(!fixture.store.limitsSteps)
    try await fixture.limit(try .throttle("2/m burst 1", counting: .steps, source: "default"))
    try await fixture.submit(2)
    let job = try await fixture.claim(worker, limit: 2)
    #expect(job.count == 2)
    #expect(fixture.store.limitsSteps)
    let gates = StepGates(workflow: "ingest", step: "step-0")
    let answers = [
      try await fixture.store.admit(job[0].lease, gates), try await fixture.store.admit(job[1].lease, gates),
      try await fixture.store.admit(job[0].lease, gates),
    ]
    #expect(answers == [.granted, .granted, .wait(.seconds(30))])
  }
}

extension StoreFixture {
  func renew(_ worker: WorkerID, _ jobs: ClaimedJob...) async throws {
    let report = try await store.renew(worker, leases: jobs.map(\.lease), for: .seconds(30))
    precondition(report.lost.isEmpty)
  }
}
