import IngestCore
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

@Suite("Operations on jobs")
struct JobOperationsTests {
  @Test("a change needs ids or a filter, and not both")
  func choice() async throws {
    let it = try await OperationsFixture()
    let job = try await it.submit("a")
    for dryRun in [true, false] {
      #expect(
        await code { _ = try await it.operations.cancelJobs(JobQuery(), dryRun: dryRun) } == "JOB_SELECTION_MISSING")
      #expect(
        await code {
          _ = try await it.operations.cancelJobs(JobQuery(ids: [job.rawValue], source: "default"), dryRun: dryRun)
        } == "JOB_SELECTION_TWICE")
    }
    #expect(try await it.store.job(job).state == .queued)
  }

  @Test("a query of an unknown index is refused instead of returning nothing")
  func unknownIndex() async throws {
    let it = try await OperationsFixture()
    #expect(await code { _ = try await it.operations.jobs(JobQuery(index: "nope"), limit: 10) } == "INDEX_NOT_FOUND")
    #expect(
      await code { _ = try await it.operations.retryJobs(JobQuery(index: "nope"), dryRun: true) } == "INDEX_NOT_FOUND")
  }

  @Test("a dry run refuses the same jobs as the action, and changes nothing")
  func dryRunRefusesAlike() async throws {
    let it = try await OperationsFixture()
    let dead = try await it.dead("dead")
    let queued = try await it.submit("queued")
    let query = JobQuery(ids: [dead.rawValue, "01ZZZZZZ", queued.rawValue])
    let would = try await it.operations.cancelJobs(query, dryRun: true)
    #expect(try await it.store.job(queued).state == .queued)
    let did = try await it.operations.cancelJobs(query, dryRun: false)
    #expect(codes(would) == ["JOB_ENDED", "JOB_NOT_FOUND", "cancelled"])
    #expect(codes(did) == codes(would))
    #expect(would.unresolved.map(\.code) == ["JOB_NOT_FOUND"])
    #expect(would.refusal?.code == did.refusal?.code)
    #expect(would.report.counts == did.report.counts)
    #expect(try await it.store.job(queued).state == .cancelled)
  }

  private func codes(_ changed: JobsChanged) -> [String] {
    changed.named.map { named in
      switch named.result {
      case .success(let change): change.verdict.rawValue
      case .failure(let failure): failure.code
      }
    }
  }

  @Test("a job that is named twice is changed once")
  func namedTwice() async throws {
    let it = try await OperationsFixture()
    let job = try await it.submit("a").rawValue
    let changed = try await it.operations.cancelJobs(JobQuery(ids: [job, String(job.dropLast())]), dryRun: false)
    #expect(changed.named.count == 1)
    #expect(changed.refusal == nil)
  }

  @Test("retrying a job that a pause holds reports the pause")
  func heldRetry() async throws {
    let it = try await OperationsFixture()
    let job = try await it.submit("a")
    _ = try await it.store.pause(.source("default"), actor: "test")
    let changed = try await it.operations.retryJobs(JobQuery(ids: [job.rawValue]), dryRun: false)
    let change = try #require(try changed.named.first?.result.get())
    #expect(change.verdict == .due)
    #expect(change.wait?.contains("paused") == true)
  }

  @Test("a job that could start names a missing or dead worker as its obstacle")
  func obstacles() async throws {
    var it = try await OperationsFixture()
    let job = try await it.submit("a").rawValue
    #expect(try await it.operations.job(job).obstacle == .noWorker)
    let worker = try await it.base.worker("worker-1")
    #expect(try await it.operations.job(job).obstacle == .noWorker)
    it.liveness.names = ["worker-1"]
    #expect(try await it.operations.job(job).obstacle == nil)
    _ = try await it.base.claim(worker)
    #expect(try await it.operations.job(job).obstacle == nil)
    it.liveness.names = []
    #expect(try await it.operations.job(job).obstacle == .workerDied)
    it.liveness.names = ["worker-2"]
    #expect(try await it.operations.job(job).obstacle == .workerDied)
  }

  @Test("the reason and the name of an approval have a longest length")
  func approvalBounds() async throws {
    let it = try await OperationsFixture()
    let job = try await it.submit("a").rawValue
    for request in [
      ApprovalRequest(job: job, reason: String(repeating: "x", count: 4001)),
      ApprovalRequest(job: job, by: String(repeating: "x", count: 129)),
    ] {
      #expect(await code { _ = try await it.operations.approve(request) } == "TEXT_TOO_LONG")
    }
    let bounds = ApprovalRequest(
      job: job, reason: String(repeating: "x", count: 4000), by: String(repeating: "x", count: 128))
    #expect(await code { _ = try await it.operations.approve(bounds) } == "APPROVAL_NOT_AWAITED")
  }

  @Test("without follow, the stream of a job's events ends after the present ones")
  func events() async throws {
    let it = try await OperationsFixture()
    let job = try await it.submit("a")
    var batches = 0
    var kinds: [String] = []
    for try await batch in try await it.operations.events(ofJob: job.rawValue, follow: false) {
      batches += 1
      if case .events(let events) = batch { kinds += events.map(\.event) }
    }
    #expect(batches == 1)
    #expect(kinds.first == "queued")
  }

  @Test("with follow, the stream ends when the job ends, and has each event once")
  func followedEvents() async throws {
    let it = try await OperationsFixture()
    let job = try await it.submit("a")
    var events = try await it.operations.events(ofJob: job.rawValue, follow: true).makeAsyncIterator()
    guard case .events(let first)? = try await events.next() else { Issue.record("no first batch"); return }
    _ = try await it.store.cancel(job, actor: "test")
    async let advanced: Void = it.advanceClock(.milliseconds(200))
    guard case .events(let second)? = try await events.next() else { Issue.record("no second batch"); return }
    try await advanced
    #expect(Set(first.map(\.id)).isDisjoint(with: second.map(\.id)))
    #expect(second.contains { $0.event == "cancelled" })
    #expect(try await events.next() == nil)
  }
}

extension OperationsFixture {
  /// Advances the clock as soon as a task sleeps on it.
  func advanceClock(_ duration: Duration) async throws {
    try await eventually("a task sleeps") { base.clock.sleepers > 0 }
    base.clock.advance(by: duration)
  }
}
