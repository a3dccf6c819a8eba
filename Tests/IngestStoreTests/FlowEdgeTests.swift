import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Rare combinations of lanes, gates and child groups")
struct FlowEdgeTests {
  /// Submits a job that was in flight at two deaths, so that it runs alone.
  private func alone(_ it: StoreFixture, _ uri: String = "/deadly", meta: [String: String] = [:]) async throws {
    var request = StoreFixture.request(uri, "text of \(uri)")
    request.meta = meta
    _ = try await it.store.submit(request)
    for death in 0..<2 {
      let doomed = try await it.worker("doomed-\(uri)-\(death)")
      let claimed = try await it.claim(doomed)
      #expect(claimed.count == 1)
      _ = try await it.store.reclaim(dead: doomed)
    }
  }

  @Test(
    "a job that runs alone and was parked at a step gets that step's grant with its start, and returns to its own lane",
    arguments: StoreKind.allCases)
  func aloneParked(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    try await alone(it)
    let worker = try await it.worker()
    let gates = StepGates(workflow: "ingest", step: "step-0", throttle: try RateSpec("1/h"), concurrency: 1)
    let first = try #require(try await it.claim(worker).first)
    #expect(first.alone)
    try await it.store.finish(first.lease, .parked(gates), last: nil)
    let again = try #require(try await it.claim(worker).first)
    #expect(again.alone && again.admittedStep == "step-0")
    try await it.store.finish(again.lease, .released, last: nil)
    // It is back in its own lane, and the step's limits no longer gate it.
    #expect(try await it.claim(worker).first?.admittedStep == nil)
    #expect(try await it.countersAreTrue())
  }

  @Test("a new limit also applies to a job that already had to run alone", arguments: StoreKind.allCases)
  func aloneAndYoungerLimit(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    try await alone(it, meta: ["tenant": "x"])
    try await it.submit(1, meta: ["tenant": "x"])
    try await it.limit(try .throttle("1/h", per: .tenant))
    let worker = try await it.worker()
    let first = try #require(try await it.claim(worker).first)
    #expect(first.alone)
    try await it.finish(first)
    #expect(try await it.claim(worker).isEmpty)
    it.clock.advance(by: .seconds(3600))
    #expect(try await it.claim(worker).count == 1)
  }

  @Test(
    "jobs at a breaker that was opened without an end start after a timed opening replaced it and ran out",
    arguments: StoreKind.allCases)
  func openedAgain(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let name = "embed:openai:model@host"
    let call = DependencyCall(dependency: name, provider: "p")
    await it.store.leave(try await it.store.enter(call), DependencyCallEnd(outcome: .answered))
    _ = try await it.store.openBreaker(name, for: nil, actor: "test")
    try await it.submit(2)
    for job in try await it.claim(worker, limit: 2) {
      var failure = Failure(.unavailable, code: "BREAKER_OPEN", "It is open.").during(step: "step-0", attempt: 1)
      failure.dependency = name
      let attempt = FailedAttempt(position: 0, failure: failure, startedAt: it.clock.now, finishedAt: it.clock.now)
      try await it.store.finish(
        job.lease, .retry(attempt, after: .seconds(30), spends: false, reason: .breakerOpen), last: nil)
    }
    it.clock.advance(by: .seconds(60))
    #expect(try await it.claim(worker).isEmpty)
    _ = try await it.store.openBreaker(name, for: .seconds(60), actor: "test")
    #expect(try await it.claim(worker).isEmpty)
    it.clock.advance(by: .seconds(61))
    #expect(try await it.claim(worker).count == 1)
  }

  @Test(
    "a free slot reaches the lane that can use it, past any number of lanes that cannot", arguments: StoreKind.allCases)
  func slotIsPassedOn(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    try await it.limit(try .throttle("1/h", per: .tenant))
    // Uses up the tokens of these tenants.
    for tenant in 0..<150 { try await it.submit(1, meta: ["tenant": "\(tenant)"], from: tenant) }
    for _ in 0..<20 {
      for job in try await it.claim(worker, limit: 8) { try await it.finish(job) }
    }
    try await it.limit(try .concurrency(1, per: .workflow))
    try await it.submit(1, meta: ["tenant": "holder"], from: 1000)
    let holder = try #require(try await it.claim(worker).first)
    for tenant in 0..<150 { try await it.submit(1, meta: ["tenant": "\(tenant)"], from: 2000 + tenant) }
    try await it.submit(1, meta: ["tenant": "late"], from: 3000)
    for _ in 0..<10 { #expect(try await it.claim(worker, limit: 8).isEmpty) }
    try await it.finish(holder)
    var late: [ClaimedJob] = []
    for _ in 0..<20 where late.isEmpty {
      late = try await it.claim(worker, limit: 8)
      it.clock.advance(by: .milliseconds(250))
    }
    #expect(try late.map { try it.uri($0) } == ["/default/3000"])
    #expect(try await it.countersAreTrue())
  }

  @Test("a source that was paused for long does not catch up when it resumes", arguments: StoreKind.allCases)
  func resumedLevel(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    try await it.submit(30, source: "a")
    try await it.submit(60, source: "b")
    _ = try await it.store.pause(.source("a"), actor: "test")
    for job in try await it.claim(worker, limit: 40) { try await it.finish(job) }
    _ = try await it.store.resume(.source("a"), actor: "test")
    var started: [String] = []
    for _ in 0..<10 {
      let job = try #require(try await it.claim(worker).first)
      started.append(try it.uri(job))
      try await it.finish(job)
    }
    #expect(started.count { $0.hasPrefix("/b/") } >= 4, "\(started)")
  }

  @Test(
    "while a new limit sorts a backlog into lanes, jobs of its own source and of others still start",
    arguments: StoreKind.allCases)
  func sortsOutBesides(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    for part in 0..<25 {
      try await it.submit(20, source: "a", meta: ["tenant": "x"], from: part * 20)
      it.clock.advance(by: .milliseconds(1))
    }
    try await it.submit(3, source: "b", meta: ["tenant": "y"])
    try await it.limit(try .throttle("60/m", per: .tenant))
    var started: [String] = []
    for _ in 0..<3 {
      for job in try await it.claim(worker, limit: 4) { started.append(try it.uri(job)) }
    }
    #expect(started.contains("/a/0") && started.contains("/b/0"), "\(started)")
    #expect(try await it.countersAreTrue())
  }

  @Test("an idempotency key remembers the outcome of a purged job", arguments: StoreKind.allCases)
  func purgedKey(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let request = StoreFixture.request("/a", key: "once")
    let receipt = try await it.store.submit(request)
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    let purged = try await it.store.act(.purge, on: JobFilter(), dryRun: false, actor: "test")
    #expect(purged.count(.purged) == 1)
    let again = try await it.store.submit(request)
    #expect(again.job == receipt.job && again.state == .dead && again.outcome == .duplicate)
  }

  @Test(
    "children that were held back when their parent died start once the redriven parent waits for them",
    arguments: StoreKind.allCases)
  func heldOverDeath(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    _ = try await it.submitWaiting("/parent")
    let parent = try #require(try await it.claim(worker).first)
    try await it.make(0..<5, of: parent, parallel: 1)
    let child = try #require(try await it.claim(worker).first)
    try await it.store.finish(parent.lease, .dead(it.failed(.permanent)), last: nil)
    try await it.store.finish(child.lease, .completed, last: nil)
    let driven = try await it.store.act(.redrive(RedriveOptions()), on: JobFilter(), dryRun: false, actor: "test")
    #expect(driven.count(.redriven) == 1)
    let again = try #require(try await it.claim(worker).first)
    #expect(again.lease.job == parent.lease.job)
    try await it.make(0..<5, of: again, parallel: 1)
    try await it.finishWaiting(again, for: .children)
    #expect(try await it.childGroupsAreTrue())
    for _ in 1..<5 {
      let next = try #require(try await it.claim(worker).first)
      try await it.store.finish(next.lease, .completed, last: nil)
    }
    let woken = try #require(try await it.claim(worker).first)
    #expect(woken.lease.job == parent.lease.job)
    #expect(try await it.countersAreTrue())
  }

  @Test(
    "a raised rate limit admits submits of several documents as soon as the new rate allows",
    arguments: StoreKind.allCases)
  func raisedForBatches(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    try await it.limit(try .rateLimit("1/4h"))
    _ = try await it.store.submit([StoreFixture.request("/0")])
    try await it.limit(try .rateLimit("60/m"))
    func refused(_ number: Int) async throws -> Bool {
      do {
        _ = try await it.store.submit([StoreFixture.request("/\(number)", "text \(number)")])
        return false
      } catch let failure as Failure {
        #expect(failure.code == "RATE_LIMITED")
        return true
      }
    }
    let atOnce = try await refused(1)
    #expect(atOnce)
    it.clock.advance(by: .seconds(1))
    let later = try await refused(2)
    #expect(!later)
  }

  @Test(
    "a child that was asked to stop because its parent died runs again if the parent is redriven first",
    arguments: StoreKind.allCases)
  func stoppingOverDeath(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    _ = try await it.submitWaiting("/parent")
    let parent = try #require(try await it.claim(worker).first)
    try await it.make(0..<2, of: parent)
    let child = try #require(try await it.claim(worker).first)
    try await it.store.finish(parent.lease, .dead(it.failed(.permanent)), last: nil)
    #expect(try await it.claim(worker).isEmpty)
    #expect(try await it.store.cancellations(worker).map(\.job) == [child.lease.job])
    let driven = try await it.store.act(.redrive(RedriveOptions()), on: JobFilter(), dryRun: false, actor: "test")
    #expect(driven.count(.redriven) == 1)
    let again = try #require(try await it.claim(worker).first)
    try await it.make(0..<2, of: again)
    try await it.finishWaiting(again, for: .children)
    try await it.store.finish(child.lease, .cancelled, last: nil)
    for _ in 0..<2 {
      let next = try #require(try await it.claim(worker).first)
      try await it.store.finish(next.lease, .completed, last: nil)
    }
    let woken = try #require(try await it.claim(worker).first)
    guard case .children(let report) = woken.wake else { throw LeaseLost() }
    #expect(report.completed == 2 && report.cancelled == 0)
    let isTrue = try await it.childGroupsAreTrue()
    #expect(isTrue)
  }

  @Test(
    "an on-failure step that a passed deadline calls for does not wait at the step limit where its job was parked",
    arguments: StoreKind.allCases
  )
  func deadlineOfParked(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let workflow = StoreFixture.waiting(onFailure: true, deadline: .seconds(60))
    _ = try await it.submitWaiting("/a", workflow)
    let job = try #require(try await it.claim(worker).first)
    let gates = StepGates(workflow: "waiting", step: "ask", throttle: try RateSpec("1/24h"), concurrency: nil)
    let admitted = try await it.store.admit(job.lease, gates)
    #expect(admitted == .granted)
    try await it.store.finish(job.lease, .parked(gates), last: nil)
    it.clock.advance(by: .seconds(61))
    let last = try #require(try await it.claim(worker).first)
    #expect(last.fatal?.failure.code == "DEADLINE_PASSED" && last.admittedStep == nil)
    #expect(try await it.countersAreTrue())
  }
}
