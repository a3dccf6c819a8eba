import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Jobs that continue or are repeated after their end, and the state that they share with others.
@Suite("Redrives and replays beside singletons, keys and lost chunks")
struct RepeatTests {
  private static let single: PinnedWorkflow = {
    var workflow = StoreFixture.workflow("single")
    workflow.definition.singleton = Singleton(key: .source, mode: .cancel)
    return workflow
  }()

  private func submitted(_ it: StoreFixture, _ uri: String, _ workflow: PinnedWorkflow) async throws -> JobID {
    try #require(try await it.store.submit(StoreFixture.request(uri, uri, workflow: workflow)).job)
  }

  private func died(_ it: StoreFixture, _ uri: String, _ workflow: PinnedWorkflow = single) async throws -> JobID {
    _ = try await submitted(it, uri, workflow)
    let worker = try await it.worker()
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    return job.lease.job
  }

  private func codes(_ report: BulkReport) -> [String] { report.lines.map { $0.refusal?.code ?? $0.verdict.rawValue } }

  @Test(
    "one dead letter of a singleton is redriven, and the others are refused while it is open, as a dry run reports",
    arguments: StoreKind.allCases)
  func singleton(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    for uri in ["/a", "/b", "/c"] { _ = try await died(it, uri) }
    for action in [JobAction.redrive(RedriveOptions()), .replay(ReplayOptions())] {
      let filter = JobFilter(state: .dead)
      let would = try await it.store.act(action, on: filter, dryRun: true, actor: "test")
      let did = try await it.store.act(action, on: filter, dryRun: false, actor: "test")
      #expect(codes(would) == codes(did))
      #expect(codes(did).filter { $0 == "SINGLETON_BUSY" }.count == 2)
      let open = try await it.store.jobs(JobFilter(state: .queued))
      #expect(open.count == 1)
      #expect(did.lines(.refused).allSatisfy { $0.refusal?.message.contains(open[0].job) == true })
      let worker = try await it.worker()
      let job = try #require(try await it.claim(worker).first)
      try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    }
    // A job that was asked to stop does not block the redrive.
    let newer = try await submitted(it, "/d", Self.single)
    let worker = try await it.worker()
    let running = try #require(try await it.claim(worker).first)
    #expect(running.lease.job == newer)
    _ = try await it.store.cancel(newer, actor: "test")
    let last = try await it.store.act(
      .redrive(RedriveOptions()), on: JobFilter(state: .dead), dryRun: false, actor: "test")
    #expect(last.count(.redriven) == 1)
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
  }

  @Test("the idempotency key of a purged dead letter keeps its outcome", arguments: StoreKind.allCases)
  func purge(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    var request = StoreFixture.request("/a", "A", key: "k")
    request.keyLife = .seconds(100_000)
    let first = try await it.store.submit(request)
    let worker = try await it.worker()
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    let id = try #require(first.job)
    let report = try await it.store.act(.purge, on: JobFilter(ids: [id]), dryRun: false, actor: "test")
    #expect(report.count(.purged) == 1)
    let again = try await it.store.submit(request)
    #expect(again.outcome == .duplicate && again.job == id && again.state == .dead)
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
  }

  /// Makes a job whose second step lost chunk 1 and whose third lost chunk 2. It ends dead or completed.
  private func lossy(_ it: StoreFixture, dead: Bool) async throws -> JobID {
    _ = try await submitted(it, "/lossy", StoreFixture.workflow(steps: 4))
    let worker = try await it.worker()
    let job = try #require(try await it.claim(worker).first)
    for position in 0..<3 {
      var checkpoint = it.checkpoint(job, position)
      if position > 0 {
        checkpoint.output = StepOutput(
          effects: [
            CatalogueEffect.lost([
              LostChunk(
                ordinal: position, page: nil, start: 0, end: 9, failure: Failure(.permanent, code: "LOST", "m."))
            ])
          ], degraded: true)
      }
      try await it.store.checkpoint(job.lease, checkpoint)
    }
    if dead {
      var failed = it.failed(.permanent)
      failed.position = 3
      try await it.store.finish(job.lease, .dead(failed), last: nil)
    } else {
      try await it.store.finish(job.lease, .completed, last: it.checkpoint(job, 3))
    }
    return job.lease.job
  }

  private func lost(_ it: StoreFixture) async throws -> [String?] {
    try await it.store.dead(JobFilter(kind: .chunk)).map(\.step).sorted { ($0 ?? "") < ($1 ?? "") }
  }

  @Test(
    "a redrive keeps the lost chunks of the steps it keeps, and drops those of the steps that run again",
    arguments: StoreKind.allCases)
  func redriveLossy(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let id = try await lossy(it, dead: true)
    func redrive(_ options: RedriveOptions) async throws -> JobReport {
      _ = try await it.store.act(.redrive(options), on: JobFilter(ids: [id]), dryRun: false, actor: "test")
      return try await it.store.job(id)
    }
    let kept = try await redrive(RedriveOptions())
    #expect(kept.degraded)
    #expect(try await lost(it) == ["step-1", "step-2"])
    let worker = try await it.worker()
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    let second = try await redrive(RedriveOptions(fromStart: true))
    #expect(!second.degraded)
    #expect(try await lost(it).isEmpty)
  }

  @Test(
    "in a replay the lost chunks of inherited steps stay with the job that lost them, and the others are dropped",
    arguments: StoreKind.allCases)
  func replayLossy(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let id = try await lossy(it, dead: false)
    func replay(_ job: JobID, from step: String?) async throws -> JobReport {
      let report = try await it.store.act(
        .replay(ReplayOptions(from: step)), on: JobFilter(ids: [job]), dryRun: false, actor: "test")
      let new = JobID(rawValue: try #require(report.lines.first?.replay))
      let worker = try await it.worker()
      let claimed = try #require(try await it.claim(worker).first)
      let shown = try await it.store.job(new)
      try await it.store.finish(claimed.lease, .completed, last: it.checkpoint(claimed, 3))
      return shown
    }
    let first = try await replay(id, from: "step-3")
    #expect(first.degraded)
    #expect(try await lost(it) == ["step-1", "step-2"])
    // After a replay of the replay, the chunks still belong to the first job.
    let second = try await replay(JobID(rawValue: first.job), from: "step-2")
    #expect(second.degraded)
    #expect(try await lost(it) == ["step-1"])
    #expect(try await it.store.dead(JobFilter(kind: .chunk)).first?.job == id.rawValue)
    let third = try await replay(JobID(rawValue: second.job), from: nil)
    #expect(!third.degraded)
    #expect(try await lost(it).isEmpty)
  }
}
