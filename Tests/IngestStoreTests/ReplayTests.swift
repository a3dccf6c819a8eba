import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Replays")
struct ReplayTests {
  private func completed(_ it: StoreFixture, _ uri: String = "/a", steps: Int = 3) async throws -> JobID {
    _ = try await it.store.submit(StoreFixture.request(uri, uri, workflow: StoreFixture.workflow(steps: steps)))
    let worker = try await it.worker()
    let job = try #require(try await it.claim(worker).first)
    try await finish(job, it, steps: steps)
    return job.lease.job
  }

  /// Runs the steps that have no checkpoint yet; the first one leaves a blob.
  private func finish(_ job: ClaimedJob, _ it: StoreFixture, steps: Int = 3) async throws {
    for position in 0..<steps where job.steps.first(where: { $0.id == "step-\(position)" })?.result == nil {
      var checkpoint = it.checkpoint(job, position)
      if position == 0 {
        let blob = Blob(hash: ContentHash(rawValue: "made-by-\(job.lease.job)"), bytes: [1, 2, 3])
        checkpoint.output = StepOutput(blobs: [blob], references: [blob.hash])
      }
      if position == steps - 1 {
        try await it.store.finish(job.lease, .completed, last: checkpoint)
      } else {
        try await it.store.checkpoint(job.lease, checkpoint)
      }
    }
  }

  private func replay(
    _ id: JobID, _ it: StoreFixture, from: String? = nil, latest: [String: PinnedWorkflow]? = nil
  ) async throws -> BulkReport.Line {
    let report = try await it.store.act(
      .replay(ReplayOptions(from: from, latest: latest)), on: JobFilter(ids: [id]), dryRun: false, actor: "test")
    return try #require(report.lines.first)
  }

  @Test(
    "a replay is a new job that inherits the checkpoints before its step, and the bytes that they reference",
    arguments: StoreKind.allCases)
  func inherits(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let id = try await completed(it)
    let line = try await replay(id, it, from: "step-1")
    let new = JobID(rawValue: try #require(line.replay))
    #expect(line.kept == ["step-0"])
    it.clock.advance(by: .seconds(7200))
    #expect(try await it.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 0)
    let worker = try await it.worker()
    let job = try #require(try await it.claim(worker).first)
    #expect(job.lease.job == new)
    #expect(job.steps.map(\.id) == ["step-0"] && job.steps[0].result != nil)
    let report = try await it.store.job(new)
    #expect(report.replayOf == id.rawValue && report.timeline?.contains { $0.event == "step-inherited" } == true)
    try await finish(job, it)
    #expect(try await it.store.job(new).state == .completed)
    let old = try await it.store.job(id)
    #expect(old.state == .completed && old.timeline?.contains { $0.event == "replayed" } == true)
    #expect(try await it.countersAreTrue())
  }

  @Test(
    "a replay that needs a collected checkpoint is refused, and one from the first step is not",
    arguments: StoreKind.allCases)
  func collected(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let id = try await completed(it)
    it.clock.advance(by: .seconds(7200))
    let gone = try await it.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }
    #expect(gone.count == 1)
    #expect(try await replay(id, it, from: "step-1").refusal?.code == "CHECKPOINTS_COLLECTED")
    #expect(try await replay(id, it).replay != nil)
  }

  @Test(
    "a replay is refused beside a job that does the same, for an unwanted revision, and for a running job",
    arguments: StoreKind.allCases)
  func refusals(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let id = try await completed(it)
    #expect(try await replay(id, it, from: "step-9").refusal?.code == "STEP_NOT_FOUND")
    #expect(try await replay(id, it, from: "stepp-1").refusal?.hint.contains("step-1") == true)
    let new = JobID(rawValue: try #require(try await replay(id, it).replay))
    #expect(try await replay(id, it).refusal?.code == "DOCUMENT_BUSY")
    #expect(try await replay(new, it).refusal?.code == "JOB_NOT_FINISHED")
    _ = try await it.store.cancel(new, actor: "test")
    _ = try await it.store.submit(StoreFixture.request("/a", "newer"))
    #expect(try await replay(id, it).refusal?.code == "JOB_SUPERSEDED")
    #expect(try await it.countersAreTrue())
  }

  @Test(
    "with the newest version a replay inherits the checkpoints of the leading steps that did not change",
    arguments: StoreKind.allCases)
  func latest(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let id = try await completed(it)
    var definition = StoreFixture.workflow(steps: 3).definition
    definition.steps[0].retry = RetryPolicy(attempts: 2)
    definition.steps[1].uses = "other"
    let newest = ["ingest": PinnedWorkflow(version: ContentHash(rawValue: "newest"), definition: definition)]
    let line = try await replay(id, it, from: "step-2", latest: newest)
    #expect(line.kept == ["step-0"])
    let worker = try await it.worker()
    let job = try #require(try await it.claim(worker).first)
    #expect(job.workflow.rawValue == "newest")
  }

  @Test(
    "redriving a lost chunk runs its document again and removes its dead letter; purging it removes only that letter",
    arguments: StoreKind.allCases)
  func chunk(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let (first, second) = (try await completed(it, "/a"), try await completed(it, "/b"))
    let failure = #"{"kind":"permanent","code":"TOO_LONG","message":"m","retryable":false,"causes":[]}"#
    try await it.database.write { db in
      for (number, job) in [first, first, second].enumerated() {
        _ = try db.run(
          """
          INSERT INTO dead_chunks (id, job_key, step, ordinal, page, starts_at, ends_at, error, died_at)
          SELECT \("01CHUNK\(number)"), key, 'step-1', \(number), 4, 10, 20, \(failure), finished_at FROM jobs
          WHERE id = \(job.rawValue)
          """)
      }
    }
    let letters = try await it.store.dead(JobFilter(kind: .chunk))
    #expect(letters.count == 3 && letters.allSatisfy { $0.page == 4 && $0.error.code == "TOO_LONG" })
    #expect(try await it.store.dead(JobFilter(code: "OTHER")).isEmpty)
    let purged = try await it.store.act(
      .purge, on: JobFilter(ids: [JobID(rawValue: "01CHUNK2")]), dryRun: false, actor: "test")
    #expect(purged.count(.purged) == 1)
    #expect(try await it.store.job(second).state == .completed)
    let redriven = try await it.store.act(
      .redrive(RedriveOptions()), on: JobFilter(), dryRun: false, actor: "test")
    #expect(redriven.count(.redriven) == 2)
    #expect(try await it.store.dead(JobFilter()).isEmpty)
    let worker = try await it.worker()
    let jobs = try await it.claim(worker, limit: 5)
    #expect(jobs.count == 1 && jobs[0].steps.map(\.id) == ["step-0"])
  }
}
