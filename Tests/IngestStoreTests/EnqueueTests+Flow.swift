import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// An effect that the catalogue does not know.
private struct Foreign: StepEffect {}

@Suite("Limits, schedules and effects of jobs that belong to no index")
struct EnqueueFlowTests {
  @Test(
    "limits by source and workflow count these jobs; limits by index, provider or document do not",
    arguments: StoreKind.allCases)
  func limits(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    try await it.limit(.concurrency(1, per: .index), .concurrency(1, per: .provider))
    for number in 0..<6 { _ = try await it.start(StoreFixture.workflow("alone"), "\(number)") }
    #expect(try await it.claim(worker, limit: 2).count == 2)
    try await it.limit(.concurrency(3, per: .source), .concurrency(9, per: .meta("team")))
    #expect(try await it.claim(worker, limit: 5).count == 1)
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
  }

  @Test(
    "a rate limit by source refuses a start and leaves nothing behind; one by index does not apply",
    arguments: StoreKind.allCases)
  func rateLimit(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    try await it.limit(.rateLimit("1/h"), .rateLimit("1/h", per: .index))
    _ = try await it.start(StoreFixture.workflow("alone"), "1")
    let failure = await #expect(throws: Failure.self) { try await it.start(StoreFixture.workflow("alone"), "2") }
    #expect(failure?.code == "RATE_LIMITED" && failure?.category == .refused)
    _ = try await it.start(StoreFixture.workflow("alone"), "3", source: "other")
    #expect(try await it.store.status().queued == 2)
  }

  @Test(
    "a singleton by workflow skips the new job or replaces the old one",
    arguments: StoreKind.allCases, [Singleton.Mode.skip, .cancel])
  func singleton(on kind: StoreKind, _ mode: Singleton.Mode) async throws {
    let it = try await StoreFixture(kind)
    var workflow = StoreFixture.workflow("one")
    workflow.definition.singleton = Singleton(key: .workflow, mode: mode)
    let first = try await it.store.enqueue(StoreFixture.start(workflow))
    let second = try await it.store.enqueue(StoreFixture.start(workflow))
    switch mode {
    case .skip:
      #expect(second == EnqueueReceipt(job: first.job, state: .queued, outcome: .skipped))
    case .cancel:
      #expect(second.outcome == .accepted && second.job != first.job)
      #expect(try await it.store.job(first.job).state == .cancelled)
    }
    #expect(try await it.store.status().queued == 1)
  }

  @Test("a job with a start time starts then", arguments: StoreKind.allCases)
  func later(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let request = StoreFixture.start(notBefore: it.clock.now + .seconds(300))
    let id = try await it.store.enqueue(request).job
    #expect(try await it.claim(worker).isEmpty)
    #expect(try await it.store.job(id).reason == "scheduled")
    it.clock.advance(by: .seconds(301))
    #expect(try await it.claim(worker).first?.lease.job == id)
  }

  @Test("a schedule without an index starts jobs that belong to no index", arguments: StoreKind.allCases)
  func schedules(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let spec = ScheduleSpec(timing: "every 1m", run: ScheduledRun(workflow: "alone", index: nil))
    try await it.store.addSchedule("tick", spec, actor: "test")
    #expect(try await it.store.schedule("tick").spec.run.index == nil)
    let started = try await it.store.runSchedule("tick", workflow: StoreFixture.workflow("alone"), actor: "test")
    guard case .started(let id) = started else {
      Issue.record("not started")
      return
    }
    #expect(try await it.store.job(id).index == nil)
    let job = try #require(try await it.claim(worker).first)
    #expect(job.lease.job == id)
    try await it.store.finish(job.lease, .completed, last: it.checkpoint(job, 0))
    #expect(try await it.store.schedule("tick").lastState == .completed)
  }

  @Test(
    "an effect on an index and an unknown effect are refused, and nothing of either is stored",
    arguments: StoreKind.allCases)
  func effects(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let id = try await it.start()
    let job = try #require(try await it.claim(worker).first)
    let hold = CatalogueEffect.hold(
      index: "docs", generation: 1, document: DocumentID(rawValue: "d"), revision: 1, change: .content, chunks: 1)
    for (effect, code) in [(hold as any StepEffect, "JOB_WITHOUT_INDEX"), (Foreign(), "EFFECT_UNKNOWN")] {
      var checkpoint = it.checkpoint(job, 0)
      checkpoint.output.effects = [effect]
      let failure = await #expect(throws: Failure.self) { try await it.store.checkpoint(job.lease, checkpoint) }
      #expect(failure?.code == code && failure?.kind == .permanent)
    }
    #expect(try await it.store.job(id).steps.first?.state == .running)
  }
}
