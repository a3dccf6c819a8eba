import FoundationEssentials
import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Retention")
struct RetentionTests {
  static let day: Duration = .seconds(86_400)

  func rows(_ fixture: StoreFixture, _ query: SQL) async throws -> Int {
    try await fixture.database.read { db in try db.first(query) { $0.int(0) } ?? -1 }
  }

  func edit(_ fixture: StoreFixture, _ statement: SQL) async throws {
    _ = try await fixture.database.write { db in try db.run(statement) }
  }

  /// Makes one completed, one cancelled and one dead job, in three documents.
  func ended(_ fixture: StoreFixture) async throws -> (completed: JobID, cancelled: JobID, dead: JobID) {
    let worker = try await fixture.worker()
    let completed = try #require(try await fixture.store.submit(StoreFixture.request("/completed", "A")).job)
    try await fixture.complete(worker)
    let cancelled = try #require(try await fixture.store.submit(StoreFixture.request("/cancelled", "B")).job)
    _ = try await fixture.store.cancel(cancelled, actor: "test")
    let dead = try #require(try await fixture.store.submit(StoreFixture.request("/dead", "C")).job)
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    return (completed, cancelled, dead)
  }

  func isThere(_ job: JobID, _ fixture: StoreFixture) async throws -> Bool {
    try await !fixture.store.progress(of: [job]).isEmpty
  }

  @Test("jobs of each state are kept for that state's time, and the counters follow", arguments: StoreKind.allCases)
  func states(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    let retention = try Retention()
    fixture.clock.advance(by: Self.day * 7 - .seconds(1))
    #expect(try await fixture.store.prune(retention).jobs == 0)
    fixture.clock.advance(by: .seconds(2))
    #expect(try await fixture.store.prune(retention).jobs == 2)
    #expect(try await !isThere(jobs.completed, fixture))
    #expect(try await !isThere(jobs.cancelled, fixture))
    #expect(try await isThere(jobs.dead, fixture))
    #expect(try await fixture.countersAreTrue())
    fixture.clock.advance(by: Self.day * 83)
    #expect(try await fixture.store.prune(retention).jobs == 1)
    #expect(try await !isThere(jobs.dead, fixture))
    #expect(try await fixture.countersAreTrue())
    #expect(try await rows(fixture, "SELECT count(*) FROM steps") == 0)
  }

  @Test("jobs that are kept for ever stay, and an open job always does", arguments: StoreKind.allCases)
  func forever(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    let open = try #require(try await fixture.store.submit(StoreFixture.request("/open", "D")).job)
    fixture.clock.advance(by: Self.day * 4000)
    let retention = try Retention(completed: nil, cancelled: nil, dead: nil, journal: nil)
    #expect(try await fixture.store.prune(retention).jobs == 0)
    #expect(try await fixture.store.prune(Retention()).jobs == 3)
    #expect(try await isThere(open, fixture))
    #expect(try await !isThere(jobs.dead, fixture))
  }

  @Test(
    "a job stays while one of its children is kept, and a child while its parent may count it",
    arguments: StoreKind.allCases)
  func childGroup(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    let (parent, child) = (jobs.completed.rawValue, jobs.cancelled.rawValue)
    try await edit(
      fixture,
      "UPDATE jobs SET child = 0, parent_step = 0, parent_key = (SELECT key FROM jobs WHERE id = \(parent)) WHERE id = \(child)"
    )
    let retention = try Retention(cancelled: Self.day * 20)
    fixture.clock.advance(by: Self.day * 10)
    // The child is kept for longer than its parent.
    #expect(try await fixture.store.prune(retention).jobs == 0)
    fixture.clock.advance(by: Self.day * 11)
    #expect(try await fixture.store.prune(retention).jobs == 1)
    #expect(try await fixture.store.prune(retention).jobs == 1)
  }

  @Test(
    "a child of a dead letter is kept as long as the dead letter, then both are removed", arguments: StoreKind.allCases)
  func deadParent(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    let (parent, child) = (jobs.dead.rawValue, jobs.completed.rawValue)
    try await edit(
      fixture,
      "UPDATE jobs SET child = 0, parent_step = 0, parent_key = (SELECT key FROM jobs WHERE id = \(parent)) WHERE id = \(child)"
    )
    fixture.clock.advance(by: Self.day * 30)
    #expect(try await fixture.store.prune(Retention()).jobs == 1)
    #expect(try await isThere(jobs.completed, fixture))
    fixture.clock.advance(by: Self.day * 61)
    #expect(try await fixture.store.prune(Retention()).jobs == 2)
  }

  @Test("a job stays while an open or dead replay repeats it", arguments: StoreKind.allCases)
  func replay(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    let replay = try #require(try await fixture.store.submit(StoreFixture.request("/replay", "D")).job)
    try await edit(
      fixture, "UPDATE jobs SET replay_of = \(jobs.completed.rawValue) WHERE id = \(replay.rawValue)")
    fixture.clock.advance(by: Self.day * 10)
    #expect(try await fixture.store.prune(Retention()).jobs == 1)
    #expect(try await isThere(jobs.completed, fixture))
    _ = try await fixture.store.cancel(replay, actor: "test")
    #expect(try await fixture.store.prune(Retention()).jobs == 1)
  }

  @Test("a job that a dead replay repeats is kept as long as the replay", arguments: StoreKind.allCases)
  func deadReplay(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    try await edit(
      fixture,
      "UPDATE jobs SET replay_of = \(jobs.completed.rawValue) WHERE id = \(jobs.dead.rawValue)")
    fixture.clock.advance(by: Self.day * 10)
    #expect(try await fixture.store.prune(Retention()).jobs == 1)
    #expect(try await isThere(jobs.completed, fixture))
    fixture.clock.advance(by: Self.day * 81)
    #expect(try await fixture.store.prune(Retention()).jobs == 2)
  }

  @Test("a dead letter that is redriven during a pass stays", arguments: StoreKind.allCases)
  func redrivenMeanwhile(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    var dead: [JobID] = []
    for number in 0..<300 {
      let job = try await fixture.store.submit(StoreFixture.request("/\(number)", "\(number)")).job
      dead.append(try #require(job))
      let claimed = try #require(try await fixture.claim(worker).first)
      try await fixture.store.finish(claimed.lease, .dead(fixture.failed(.permanent)), last: nil)
    }
    fixture.clock.advance(by: Self.day * 100)
    let store = fixture.store
    let retention = try Retention()
    // The pass starts with the oldest job, the operator with the newest.
    async let pass = store.prune(retention)
    var redriven: [JobID] = []
    for job in dead.reversed() {
      let redrive = try await store.act(
        .redrive(RedriveOptions()), on: JobFilter(ids: [job]), dryRun: false, actor: "ann")
      guard redrive.count(.redriven) == 1 else { break }
      redriven.append(job)
    }
    let report = try await pass
    #expect(report.jobs + redriven.count == dead.count)
    #expect(try await store.progress(of: redriven).count == redriven.count)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a job that still holds a slot is kept", arguments: StoreKind.allCases)
  func slot(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    try await fixture.database.write { db in
      try db.run("INSERT INTO gates (key, name, kind, held, changed_at) VALUES (1, 'g', 'concurrency', 1, 0)")
      try db.run(
        "INSERT INTO slots (job_key, gate_key, step) SELECT key, 1, 0 FROM jobs WHERE id = \(jobs.completed.rawValue)")
    }
    fixture.clock.advance(by: Self.day * 10)
    let report = try await fixture.store.prune(Retention())
    #expect(report.jobs == 1)
    #expect(report.gates == 0)
    #expect(try await isThere(jobs.completed, fixture))
  }

  @Test(
    "a dead letter that a swap must list is kept while its generation is a candidate", arguments: StoreKind.allCases)
  func candidate(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    try await fixture.complete(worker)
    let workflow = StoreFixture.workflow("reindex")
    _ = try await fixture.store.openGeneration(
      index: "docs", spec: StoreFixture.spec, reindex: workflow, actor: "test")
    _ = try await fixture.store.fill(index: "docs", generation: 2, after: nil, limit: 10, actor: "test")
    let job = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["default"])).first)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    fixture.clock.advance(by: Self.day * 100)
    _ = try await fixture.store.prune(Retention())
    #expect(try await fixture.store.gate("docs", to: 2).died == ["/a"])
    // No swap needs it any more once the generation is gone.
    _ = try await fixture.store.closeGeneration("docs", 2, actor: "test")
    fixture.clock.advance(by: Self.day * 100)
    _ = try await fixture.store.prune(Retention())
    #expect(try await !isThere(job.lease.job, fixture))
  }

  @Test("a completed job that lost chunks is kept as long as a dead letter", arguments: StoreKind.allCases)
  func degraded(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let job = try #require(try await fixture.claim(worker).first)
    var checkpoint = fixture.checkpoint(job, 0)
    let failure = Failure(.permanent, code: "EMBEDDING_REFUSED", "no")
    checkpoint.output.effects = [
      CatalogueEffect.lost([LostChunk(ordinal: 3, page: 2, start: 10, end: 20, failure: failure)])
    ]
    try await fixture.store.checkpoint(job.lease, checkpoint)
    try await fixture.store.finish(job.lease, .completed, last: fixture.checkpoint(job, 1))
    #expect(try await fixture.store.job(job.lease.job).degraded)
    fixture.clock.advance(by: Self.day * 89)
    #expect(try await fixture.store.prune(Retention()).jobs == 0)
    #expect(
      try await rows(fixture, "SELECT count(*) FROM dead_chunks WHERE ordinal = 3 AND page = 2 AND ends_at = 20") == 1)
    fixture.clock.advance(by: Self.day * 2)
    #expect(try await fixture.store.prune(Retention()).jobs == 1)
    #expect(try await rows(fixture, "SELECT count(*) FROM dead_chunks") == 0)
  }

  @Test("a job with many rows of its own is removed in more than one transaction", arguments: StoreKind.allCases)
  func large(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    try await edit(
      fixture,
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
      INSERT INTO logs (job_key, step, attempt, at, text)
      SELECT (SELECT key FROM jobs WHERE id = \(jobs.completed.rawValue)), 's', 1, i, 'line' FROM n
      """)
    fixture.clock.advance(by: Self.day * 10)
    let report = try await fixture.store.prune(Retention())
    #expect(report.jobs == 2)
    #expect(report.slices >= 10)
    #expect(try await rows(fixture, "SELECT count(*) FROM logs") == 0)
  }

  @Test(
    "an idempotency key outlives its job, keeps the job's last state, and expires at its own time",
    arguments: StoreKind.allCases
  )
  func keys(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let request = StoreFixture.request("/a", "A", key: "k")
    let first = try await fixture.store.submit(request)
    try await fixture.complete(worker)
    fixture.clock.advance(by: Self.day * 8)
    let report = try await fixture.store.prune(Retention())
    #expect(report.jobs == 1)
    #expect(report.idempotencyKeys == 0)
    let again = try await fixture.store.submit(request)
    #expect(again.job == first.job)
    #expect(again.state == .completed)
    #expect(again.outcome == .duplicate)
    fixture.clock.advance(by: Self.day * 23)
    #expect(try await fixture.store.prune(Retention()).idempotencyKeys == 1)
  }

  @Test(
    "old journal lines are removed, except the newest lines, an index's history and the lines of kept jobs",
    arguments: StoreKind.allCases)
  func journal(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    try await edit(
      fixture,
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO journal (at, kind, actor, job_key)
      SELECT (SELECT max(at) FROM journal), 'injected', 'test', 1000000 FROM n
      """)
    let all = try await rows(fixture, "SELECT count(*) FROM journal")
    let history = try await fixture.store.history("docs", limit: 100).count
    fixture.clock.advance(by: Self.day * 31)
    let report = try await fixture.store.prune(Retention())
    #expect(report.journal > 1900)
    // Meanwhile two slices of jobs were recorded.
    #expect(try await rows(fixture, "SELECT count(*) FROM journal") == all - report.journal + 2)
    #expect(try await rows(fixture, "SELECT count(*) FROM journal WHERE kind = 'injected'") > 900)
    #expect(try await fixture.store.history("docs", limit: 100).count == history)
    let kept = jobs.dead.rawValue
    #expect(
      try await rows(
        fixture, "SELECT count(*) FROM journal WHERE job_key = (SELECT key FROM jobs WHERE id = \(kept))") == 3)
    #expect(
      try await rows(fixture, "SELECT count(*) FROM journal WHERE job_key < 1000000 AND kind = 'completed'") == 0)
  }

  @Test(
    "a journal that is kept for no time keeps its last hour, and a gate check older than that must be repeated",
    arguments: StoreKind.allCases)
  func journalFloor(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    _ = try await ended(fixture)
    let retention = try Retention(journal: .zero)
    _ = try await fixture.store.openGeneration(
      index: "docs", spec: StoreFixture.spec, reindex: StoreFixture.workflow("reindex"), actor: "test")
    let request = SwapRequest(index: "docs", to: 2, from: 1, acceptMissing: 100, actor: "test")
    let stale = try await fixture.store.lookAtGate(request)
    try await edit(
      fixture,
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO journal (at, kind, actor, job_key)
      SELECT (SELECT max(at) FROM journal), 'injected', 'test', 1000000 FROM n
      """)
    fixture.clock.advance(by: .seconds(3599))
    #expect(try await fixture.store.prune(retention).journal == 0)
    fixture.clock.advance(by: .seconds(2))
    #expect(try await fixture.store.prune(retention).journal > 1000)
    await #expect {
      _ = try await fixture.store.swap(request, seen: stale)
    } throws: {
      ($0 as? Failure)?.code == "SWAP_CONFLICT" && ($0 as? Failure)?.kind == .transient
    }
    _ = try await fixture.store.swap(request)
  }
}
