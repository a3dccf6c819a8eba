import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Child jobs")
struct ChildrenTests {
  /// A worker and its parent job.
  private struct Home {
    let fixture: StoreFixture
    let worker: WorkerID

    init(_ kind: StoreKind) async throws {
      fixture = try await StoreFixture(kind)
      worker = try await fixture.worker()
    }

    /// Submits and claims a parent job.
    func parent(_ workflow: PinnedWorkflow = StoreFixture.waiting()) async throws -> ClaimedJob {
      _ = try await fixture.submitWaiting("/parent", workflow)
      return try #require(try await fixture.claim(worker).first)
    }

    func complete(_ job: ClaimedJob) async throws {
      try await fixture.store.finish(job.lease, .completed, last: fixture.checkpoint(job, 1))
    }
  }

  @Test(
    "each child is made once, at most `parallel` run at once, and the last one wakes its parent with their outcomes",
    arguments: StoreKind.allCases)
  func joins(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let job = try await home.parent()
    try await fixture.make(0..<5, of: job, parallel: 2)
    try await fixture.make(3..<8, of: job, parallel: 2)
    try await fixture.finishWaiting(job, for: .children)
    var seen: [String] = []
    while true {
      let running = try await fixture.claim(worker, limit: 10)
      #expect(running.count <= 2)
      guard let first = running.first, first.wake == nil else {
        #expect(
          running.first?.wake
            == .children(
              ChildrenReport(completed: 6, cancelled: 1, dead: 1, failures: [fixture.failed(.permanent).failure])))
        break
      }
      #expect(try await fixture.childGroupsAreTrue())
      for child in running {
        seen.append(child.task)
        switch child.task {
        case "2": try await fixture.store.finish(child.lease, .dead(fixture.failed(.permanent)), last: nil)
        case "4": try await fixture.store.finish(child.lease, .cancelled, last: nil)
        default: try await home.complete(child)
        }
      }
    }
    #expect(seen == (0..<8).map { "\($0)" })
    #expect(try await fixture.countersAreTrue())
    let report = try await fixture.store.job(job.lease.job)
    #expect(report.children?.total == 8)
    #expect(report.children?.ended == 8)
    #expect(report.children?.failures.map(\.child) == [2])
  }

  @Test("a parent that waits for children that have all ended continues at once", arguments: StoreKind.allCases)
  func lateWait(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let job = try await home.parent()
    try await fixture.make(0..<1, of: job)
    try await home.complete(try #require(try await fixture.claim(worker).first))
    try await fixture.finishWaiting(job, for: .children)
    let woken = try #require(try await fixture.claim(worker).first)
    #expect(woken.wake == .children(ChildrenReport(completed: 1, cancelled: 0, dead: 0, failures: [])))
  }

  @Test(
    "a cancelled parent cancels its children and theirs; a running child is cancelled when it stops",
    arguments: StoreKind.allCases)
  func cancels(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let job = try await home.parent()
    for start in stride(from: 0, to: 200, by: 50) {
      try await fixture.make(start..<(start + 50), of: job, parallel: 150)
    }
    try await fixture.finishWaiting(job, for: .children)
    let running = try await fixture.claim(worker, limit: 5)
    // One of them has its own children and waits for them.
    try await fixture.make(0..<3, of: running[0])
    try await fixture.finishWaiting(running[0], for: .children)
    #expect(try await fixture.store.cancel(job.lease.job, actor: "test") == .cancelled)
    let asked = try await fixture.store.cancellations(worker)
    #expect(Set(asked.map(\.job)) == Set(running[1...].map(\.lease.job)))
    for lease in asked { try await fixture.store.finish(lease, .cancelled, last: nil) }
    let states = try await fixture.database.read { db in
      try db.rows("SELECT state, reason, count(*) FROM jobs GROUP BY 1, 2") {
        "\($0.text(0)) \($0.text(1)) \($0.int(2))"
      }
    }
    #expect(states == ["cancelled parent 203", "cancelled requested 1"])
    #expect(try await fixture.claim(worker).isEmpty)
    #expect(try await fixture.childGroupsAreTrue())
    #expect(try await fixture.countersAreTrue())
  }

  @Test("when a killed process left children uncancelled, the next claims cancel them", arguments: StoreKind.allCases)
  func endsLater(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let job = try await home.parent()
    try await fixture.make(0..<100, of: job)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    // Only claims have cancelled them.
    let elsewhere = WorkScope(sources: ["elsewhere"])
    for _ in 0..<3 { #expect(try await fixture.claim(worker, scope: elsewhere).isEmpty) }
    #expect(try await fixture.store.status().cancelled == 100)
    #expect(try await fixture.childGroupsAreTrue())
  }

  @Test(
    "redriving a parent revives the children that were cancelled only because it died", arguments: StoreKind.allCases)
  func redrivenParent(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let job = try await home.parent()
    try await fixture.make(0..<4, of: job, parallel: 1)
    try await home.complete(try #require(try await fixture.claim(worker).first))
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    #expect(try await fixture.claim(worker).isEmpty)
    _ = try await fixture.store.redrive(JobFilter(ids: [job.lease.job]), actor: "test")
    let again = try #require(try await fixture.claim(worker).first)
    #expect(again.steps.first?.cursor == nil)
    try await fixture.make(0..<4, of: again, parallel: 1)
    try await fixture.finishWaiting(again, for: .children)
    for task in ["1", "2", "3"] {
      let child = try #require(try await fixture.claim(worker, limit: 5).first)
      #expect(child.task == task)
      try await home.complete(child)
    }
    let woken = try #require(try await fixture.claim(worker).first)
    #expect(woken.wake == .children(ChildrenReport(completed: 4, cancelled: 0, dead: 0, failures: [])))
    #expect(try await fixture.childGroupsAreTrue())
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "a dead child that is redriven while its parent waits is open again, and runs as soon as the child limit allows",
    arguments: StoreKind.allCases)
  func redrivenChild(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let job = try await home.parent()
    try await fixture.make(0..<3, of: job, parallel: 1)
    try await fixture.finishWaiting(job, for: .children)
    let first = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(first.lease, .dead(fixture.failed(.permanent)), last: nil)
    _ = try await fixture.store.redrive(JobFilter(ids: [first.lease.job]), actor: "test")
    #expect(try await fixture.childGroupsAreTrue())
    var order: [String] = []
    while let child = try await fixture.claim(worker, limit: 5).first, child.wake == nil {
      order.append(child.task)
      try await home.complete(child)
    }
    #expect(order == ["1", "0", "2"])
    let report = try await fixture.store.job(job.lease.job)
    #expect(report.children?.completed == 3)
    #expect(report.children?.dead == 0)
  }

  @Test("two steps of one job have their own children", arguments: StoreKind.allCases)
  func twoSteps(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let job = try await home.parent()
    try await fixture.make(0..<1, of: job)
    let first = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(first.lease, .dead(fixture.failed(.permanent)), last: nil)
    try await fixture.store.checkpoint(job.lease, fixture.checkpoint(job, 0))
    let second = ChildJob(position: 0, workflow: StoreFixture.workflow("child"), task: "second")
    try await fixture.store.save(
      job.lease, step: "wait", position: 1,
      StepSave(progress: StepProgress(done: 1, unit: "children"), children: ChildBatch(jobs: [second], parallel: nil)))
    try await fixture.finishWaiting(job, for: .children, position: 1)
    // The outcome of the first step's child does not end the second step's wait.
    _ = try await fixture.store.redrive(JobFilter(ids: [first.lease.job]), actor: "test")
    let children = try await fixture.claim(worker, limit: 2)
    try await home.complete(try #require(children.first { $0.task == "0" }))
    #expect(try await fixture.claim(worker).isEmpty)
    try await home.complete(try #require(children.first { $0.task == "second" }))
    #expect(
      try await fixture.claim(worker).first?.wake
        == .children(ChildrenReport(completed: 1, cancelled: 0, dead: 0, failures: [])))
  }

  @Test(
    "a generation waits for its documents' jobs but not for children; deleting it cancels all of them",
    arguments: StoreKind.allCases)
  func generations(on kind: StoreKind) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    let store = fixture.store
    let (generation, gathering) = try await store.openGeneration(
      index: "docs", spec: StoreFixture.spec, reindex: StoreFixture.workflow("reindex"), actor: "test")
    _ = try await fixture.submitWaiting("/a")
    let system = WorkScope(sources: [Store.system])
    let own = try #require(try await fixture.claim(worker, scope: system).first)
    #expect(own.lease.job == gathering)
    try await fixture.make(0..<70, of: own)
    try await store.finish(own.lease, .gathers, last: fixture.checkpoint(own, 0))
    // It waits for the document's job alone, which is the job in this generation.
    let documents = try await fixture.claim(worker, limit: 5, scope: WorkScope(sources: ["default"]))
    #expect(documents.count == 2)
    for job in documents { try await fixture.finish(job) }
    #expect(try await store.job(gathering).state == .queued)
    // Now the parent waits for its children, in the generation that is about to be deleted.
    let woken = try #require(
      try await fixture.claim(worker, limit: 100, scope: system).first { $0.lease.job == gathering })
    try await fixture.finishWaiting(woken, for: .children)
    for lease in try await fixture.runningLeases() { try await store.finish(lease, .released, last: nil) }
    _ = try await store.closeGeneration("docs", generation.number, actor: "test")
    let status = try await store.status()
    #expect(status.waiting == 0)
    #expect(status.queued == 0)
    #expect(status.cancelled == 71)
    #expect(try await fixture.countersAreTrue())
    #expect(try await fixture.childGroupsAreTrue())
  }

  @Test(
    "after random actions the counters are true and no parent waits for children that have ended",
    arguments: StoreKind.allCases, [1, 2, 3] as [UInt64])
  func soak(on kind: StoreKind, seed: UInt64) async throws {
    let home = try await Home(kind)
    let (fixture, worker) = (home.fixture, home.worker)
    var random = SplitMix(seed: seed)
    let job = try await home.parent()
    try await fixture.make(0..<24, of: job, parallel: 3)
    try await fixture.finishWaiting(job, for: .children)
    for _ in 0..<160 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6:
        guard let child = try await fixture.claim(worker).first else { continue }
        if child.wake != nil {
          try await fixture.finishWaiting(child, for: .children)
          continue
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: try await fixture.store.finish(child.lease, .dead(fixture.failed(.permanent)), last: nil)
        case 1: try await fixture.store.finish(child.lease, .released, last: nil)
        case 2: try await fixture.finishWaiting(child, for: .signal("go", until: fixture.clock.now + .seconds(5)))
        default: try await home.complete(child)
        }
      case 6: fixture.clock.advance(by: .seconds(3))
      case 7:
        let jobs = try await fixture.store.jobs(JobFilter(state: .queued, limit: 100)).filter { $0.child != nil }
        guard let one = jobs.randomElement(using: &random), Bool.random(using: &random) else { continue }
        _ = try await fixture.store.cancel(JobID(rawValue: one.job), actor: "test")
      case 8: _ = try await fixture.store.redrive(JobFilter(limit: 1), actor: "test")
      default:
        let waiting = try await fixture.store.jobs(JobFilter(state: .waiting, limit: 100)).filter { $0.child != nil }
        if let one = waiting.randomElement(using: &random) { _ = try await fixture.signal(JobID(rawValue: one.job)) }
      }
      #expect(try await fixture.childGroupsAreTrue())
      #expect(try await fixture.countersAreTrue())
    }
  }
}

extension StoreFixture {
  func runningLeases() async throws -> [Lease] {
    try await database.read { db in
      try db.rows(
        "SELECT j.key, j.id, j.fence, w.id FROM jobs j JOIN workers w ON w.key = j.worker_key WHERE j.state = 'running'"
      ) { row in
        Lease(
          key: row.int64(0), job: JobID(rawValue: row.text(1)), worker: WorkerID(rawValue: row.text(3)),
          fence: row.int64(2))
      }
    }
  }
}
