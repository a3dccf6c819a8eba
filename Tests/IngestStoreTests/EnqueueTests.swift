import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Jobs that belong to no index")
struct EnqueueTests {
  @Test(
    "a job is queued, claimed with its input, and completed; it reports no index, generation or uri",
    arguments: StoreKind.allCases)
  func runs(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let id = try await it.start(StoreFixture.workflow("alone"), "{\"n\":1}")
    let job = try #require(try await it.claim(worker).first)
    #expect(job.lease.job == id && job.task == "{\"n\":1}")
    try await it.completeBoth(job)
    let report = try await it.store.job(id)
    #expect(report.state == .completed && report.workflow == "alone" && report.source == "default")
    #expect(report.index == nil && report.generation == nil && report.uri == nil && report.document == nil)
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
  }

  @Test(
    "all jobs of one source and workflow share a lane, also when many are started at once",
    arguments: StoreKind.allCases)
  func lanes(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<40 { group.addTask { _ = try await it.start(StoreFixture.workflow("alone"), "\(number)") } }
      try await group.waitForAll()
    }
    #expect(try await it.number("SELECT count(*) FROM lanes WHERE generation_key IS NULL") == 1)
    #expect(try await it.number("SELECT ready FROM lanes WHERE generation_key IS NULL") == 40)
    _ = try await it.start(StoreFixture.workflow("other"))
    _ = try await it.start(source: "elsewhere")
    #expect(try await it.number("SELECT count(*) FROM lanes WHERE generation_key IS NULL") == 3)
    await #expect(throws: (any Error).self) {
      try await it.database.write { db in
        try db.run("INSERT INTO lanes (source_key, workflow) SELECT source_key, workflow FROM lanes")
      }
    }
  }

  @Test(
    "a worker for an index neither takes these jobs nor waits for them; a worker for a source does",
    arguments: StoreKind.allCases)
  func scope(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    _ = try await it.start(source: "default")
    let docs = WorkScope(indexes: ["docs"])
    #expect(try await it.claim(worker, limit: 5, scope: docs).isEmpty)
    #expect(try await it.store.outlook(docs) == QueueOutlook(queued: 0, running: 0, waiting: 0, stuck: 0))
    #expect(try await it.claim(worker, scope: WorkScope(scopes: ["tenant:a"])).isEmpty)
    #expect(try await it.claim(worker, scope: WorkScope(sources: ["other"])).isEmpty)
    #expect(try await it.store.outlook(WorkScope(sources: ["default"])).queued == 1)
    #expect(try await it.claim(worker, scope: WorkScope(sources: ["default"])).count == 1)
    #expect(try await it.store.outlook(WorkScope()).running == 1)
  }

  @Test("an idempotency key belongs to its workflow and input", arguments: StoreKind.allCases)
  func keys(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let first = try await it.store.enqueue(StoreFixture.start(key: "k"))
    #expect(first.outcome == .accepted && first.state == .queued)
    let again = try await it.store.enqueue(StoreFixture.start(key: "k"))
    #expect(again == EnqueueReceipt(job: first.job, state: .queued, outcome: .duplicate))
    for other in [
      StoreFixture.start(StoreFixture.workflow("alone"), "{\"other\":1}", key: "k"),
      StoreFixture.start(StoreFixture.workflow("other"), key: "k"),
    ] {
      let failure = await #expect(throws: Failure.self) { try await it.store.enqueue(other) }
      #expect(failure?.code == "IDEMPOTENCY_KEY_REUSED")
    }
    let submit = await #expect(throws: Failure.self) { try await it.store.submit(StoreFixture.request("/a", key: "k")) }
    #expect(submit?.code == "IDEMPOTENCY_KEY_REUSED")
    #expect(try await it.store.enqueue(StoreFixture.start(source: "two", key: "k")).outcome == .accepted)
    _ = try await it.store.submit(StoreFixture.request("/b", key: "doc"))
    let start = await #expect(throws: Failure.self) { try await it.store.enqueue(StoreFixture.start(key: "doc")) }
    #expect(start?.code == "IDEMPOTENCY_KEY_REUSED")
  }

  @Test(
    "a key outlives its job, reports the job's outcome, and can be used again once it has expired",
    arguments: StoreKind.allCases)
  func expiry(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let first = try await it.store.enqueue(StoreFixture.start(key: "k"))
    try await it.completeBoth(try #require(try await it.claim(worker).first))
    it.clock.advance(by: .seconds(3600))
    #expect(try await it.store.prune(Retention(completed: .seconds(60))).jobs == 1)
    let again = try await it.store.enqueue(StoreFixture.start(key: "k"))
    #expect(again == EnqueueReceipt(job: first.job, state: .completed, outcome: .duplicate))
    it.clock.advance(by: .seconds(86_400))
    #expect(try await it.store.enqueue(StoreFixture.start(key: "k")).outcome == .accepted)
  }

  @Test(
    "a job that gathers continues at once without documents to wait for, and no generation waits for these jobs",
    arguments: StoreKind.allCases)
  func gathers(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let id = try await it.start()
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .gathers, last: it.checkpoint(job, 0))
    #expect(try await it.store.job(id).state == .queued)
    let build = try await it.store.openGeneration(
      index: "docs", spec: StoreFixture.spec, reindex: StoreFixture.workflow("reindex"), actor: "test")
    let reindex = try #require(try await it.claim(worker, scope: WorkScope(sources: ["system"])).first)
    #expect(reindex.lease.job == build.job)
    try await it.store.finish(reindex.lease, .gathers, last: it.checkpoint(reindex, 0))
    #expect(try await it.store.job(build.job).state == .queued)
  }

  @Test(
    "dead letters with the same input are redriven, replayed, cancelled and purged one by one",
    arguments: StoreKind.allCases)
  func repeats(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let (one, two) = (try await it.dead(worker), try await it.dead(worker))
    let letters = try await it.store.dead(JobFilter())
    #expect(Set(letters.map(\.id)) == [one.rawValue, two.rawValue])
    #expect(letters.allSatisfy { $0.index == nil && $0.generation == nil && $0.uri == nil })
    #expect(try await it.store.wholeDead(one).report.index == nil)
    #expect(try await it.store.dead(JobFilter(index: "docs")).isEmpty)
    let redriven = try await it.store.redrive(JobFilter(), actor: "test")
    #expect(redriven.redriven.count == 2 && redriven.superseded.isEmpty)
    for job in try await it.claim(worker, limit: 5) { try await it.completeBoth(job) }
    #expect(try await it.store.job(one).state == .completed)
    let replay = try await it.store.act(
      .replay(ReplayOptions()), on: JobFilter(ids: [one, two]), dryRun: false, actor: "test")
    #expect(replay.count(.replayed) == 2)
    let replayed = try #require(replay.lines.first?.replay)
    #expect(try await it.store.job(JobID(rawValue: replayed)).index == nil)
    #expect(try await it.store.cancel(JobID(rawValue: replayed), actor: "test") == .cancelled)
    let third = try await it.dead(worker, "{\"three\":3}")
    #expect(try await it.store.purge(JobFilter(ids: [third]), actor: "test") == 1)
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
  }

  @Test(
    "a job without an index waits for signals, sleeps, and makes children that belong to no index either",
    arguments: StoreKind.allCases)
  func waits(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let id = try await it.start(StoreFixture.waiting())
    let parent = try #require(try await it.claim(worker).first)
    try await it.make(0..<3, of: parent)
    try await it.finishWaiting(parent, for: .children)
    for child in try await it.claim(worker, limit: 5) {
      #expect(try await it.store.job(child.lease.job).index == nil)
      #expect(try await it.store.job(child.lease.job).parent == id.rawValue)
      try await it.completeBoth(child)
    }
    let joined = try #require(try await it.claim(worker).first)
    #expect(joined.lease.job == id && joined.wake != nil)
    try await it.finishWaiting(joined, for: .signal("go", until: nil))
    _ = try await it.store.signal(id, name: "go", data: "1", actor: "ann")
    let woken = try #require(try await it.claim(worker).first)
    try await it.finishWaiting(woken, for: .until(it.clock.now + .seconds(60)))
    it.clock.advance(by: .seconds(61))
    try await it.completeBoth(try #require(try await it.claim(worker).first))
    #expect(try await it.store.job(id).state == .completed)
    #expect(try await it.childGroupsAreTrue())
  }

  @Test(
    "the job of a dead worker returns to the queue, and retention removes it after its end",
    arguments: StoreKind.allCases)
  func deaths(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let id = try await it.start()
    _ = try await it.claim(worker)
    #expect(try await it.store.reclaim(dead: worker) == 1)
    let second = try await it.worker("worker-2")
    let job = try #require(try await it.claim(second).first)
    try await it.completeBoth(job)
    it.clock.advance(by: .seconds(3600))
    #expect(try await it.store.prune(Retention(completed: .seconds(60))).jobs == 1)
    await #expect(throws: Failure.self) { try await it.store.job(id) }
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
  }
}

extension StoreFixture {
  /// Completes a job of two steps.
  fileprivate func completeBoth(_ job: ClaimedJob) async throws {
    try await store.checkpoint(job.lease, checkpoint(job, 0))
    try await store.finish(job.lease, .completed, last: checkpoint(job, 1))
  }

  fileprivate func number(_ query: SQL) async throws -> Int? {
    try await database.read { db in try db.first(query) { $0.int(0) } }
  }

  /// Starts a job and lets it die.
  fileprivate func dead(_ worker: WorkerID, _ input: String = "{}") async throws -> JobID {
    let id = try await start(Self.workflow("alone"), input)
    let job = try #require(try await claim(worker, limit: 8).first { $0.lease.job == id })
    try await store.finish(job.lease, .dead(failed(.permanent)), last: nil)
    return id
  }
}
