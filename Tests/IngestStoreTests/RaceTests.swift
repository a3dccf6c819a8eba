import IngestCore
import IngestStore
import IngestTestKit
import Testing

/// Faults that appear only when two transitions meet.
@Suite("Races")
struct RaceTests {
  @Test("the lease of a purged job is not valid for a later job", arguments: StoreKind.allCases)
  func purgedLease(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let stopped = try await fixture.worker("stopped")
    let next = try await fixture.worker("next")
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let lost = try #require(try await fixture.claim(stopped).first)
    fixture.clock.advance(by: .seconds(31))
    let taken = try #require(try await fixture.claim(next).first)
    try await fixture.store.finish(taken.lease, .dead(fixture.failed(.permanent)), last: nil)
    #expect(try await fixture.store.purge(JobFilter(), actor: "test") == 1)
    // The newest row is gone, so its key could be given out again; and the fence of a new job starts at the beginning.
    _ = try await fixture.store.submit(StoreFixture.request("/b", "other"))
    let other = try #require(try await fixture.claim(next).first)
    #expect(other.lease.key != lost.lease.key)
    let forged = Lease(
      key: other.lease.key, job: lost.lease.job, worker: lost.lease.worker, fence: other.lease.fence)
    await #expect(throws: LeaseLost.self) {
      try await fixture.store.checkpoint(forged, fixture.checkpoint(lost, 0))
    }
    await #expect(throws: LeaseLost.self) {
      try await fixture.store.checkpoint(lost.lease, fixture.checkpoint(lost, 0))
    }
    #expect(try await fixture.store.renew(stopped, leases: [forged], for: .seconds(30)).lost == [forged])
  }

  @Test(
    "a checkpoint resets the count of deaths, also when it is stored together with the job's release",
    arguments: StoreKind.allCases)
  func releasedWithCheckpoint(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    _ = try await fixture.store.submit(StoreFixture.request("/b", "other"))
    for number in 0..<2 {
      let worker = try await fixture.worker("dying-\(number)")
      #expect(try await fixture.claim(worker, limit: 2).count == 2)
      #expect(try await fixture.store.reclaim(dead: worker) == 2)
    }
    let worker = try await fixture.worker()
    let alone = try #require(try await fixture.claim(worker, limit: 2).first)
    #expect(alone.alone)
    try await fixture.store.finish(alone.lease, .released, last: fixture.checkpoint(alone, 0))
    let other = try #require(try await fixture.claim(worker).first)
    #expect(other.lease.job != alone.lease.job)
    try await fixture.finish(other)
    let again = try #require(try await fixture.claim(worker).first)
    #expect(again.lease.job == alone.lease.job)
    #expect(!again.alone)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("the same bytes are not a duplicate of a job that is being cancelled", arguments: StoreKind.allCases)
  func submitDuringCancel(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let first = try await fixture.store.submit(StoreFixture.request("/a"))
    let job = try #require(try await fixture.claim(worker).first)
    _ = try await fixture.store.cancel(job.lease.job, actor: "test")
    let second = try await fixture.store.submit(StoreFixture.request("/a"))
    #expect(second.outcome == .accepted)
    #expect(second.job != first.job)
    try await fixture.store.finish(job.lease, .cancelled, last: nil)
    try await fixture.complete(worker)
    #expect(try await fixture.store.document("/a", index: "docs", source: nil).held == 2)
  }

  @Test("a job that is cancelled while it starts to wait, or dies, ends cancelled", arguments: StoreKind.allCases)
  func cancelMeetsEnd(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    _ = try await fixture.store.submit(StoreFixture.request("/b", "other"))
    let jobs = try await fixture.claim(worker, limit: 2)
    for job in jobs { _ = try await fixture.store.cancel(job.lease.job, actor: "test") }
    try await fixture.store.finish(jobs[0].lease, .gathers, last: fixture.checkpoint(jobs[0], 0))
    try await fixture.store.finish(jobs[1].lease, .dead(fixture.failed(.permanent)), last: nil)
    for job in jobs { #expect(try await fixture.store.job(job.lease.job).state == .cancelled) }
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a delayed document that waited behind an earlier job still waits for its time", arguments: StoreKind.allCases)
  func delayedBehindRunning(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let running = try #require(try await fixture.claim(worker).first)
    let later = fixture.clock.now + .seconds(60)
    let second = try await fixture.store.submit(StoreFixture.request("/a", "new", notBefore: later))
    let delayed = try #require(second.job)
    #expect(try await fixture.store.job(delayed).reason == "after-previous")
    try await fixture.finish(running)
    #expect(try await fixture.store.job(delayed).reason == "scheduled")
    #expect(try await fixture.claim(worker).isEmpty)
    fixture.clock.advance(by: .seconds(61))
    #expect(try await fixture.claim(worker).map(\.lease.job) == [delayed])
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "a key belongs to its content even if the first answer was unchanged or duplicate", arguments: StoreKind.allCases
  )
  func keyOfSettled(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    #expect(try await fixture.store.submit(StoreFixture.request("/a", key: "going")).outcome == .duplicate)
    try await fixture.complete(worker)
    // A submit with a new key is never answered without storing the key.
    #expect(try await fixture.store.settled([StoreFixture.request("/a", key: "held")]) == [nil])
    #expect(try await fixture.store.submit(StoreFixture.request("/a", key: "held")).outcome == .unchanged)
    for key in ["going", "held"] {
      await #expect {
        try await fixture.store.submit(StoreFixture.request("/a", "new", key: key))
      } throws: {
        ($0 as? Failure)?.code == "IDEMPOTENCY_KEY_REUSED"
      }
      #expect(try await fixture.store.settled([StoreFixture.request("/a", key: key)]).map(\.?.outcome) == [.duplicate])
    }
  }

  @Test("a redriven dead letter does not run beside another job of its document", arguments: StoreKind.allCases)
  func redriveBesideOther(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let hasty = StoreFixture.workflow("hasty")
    var workflow = hasty
    workflow.definition.deadline = .seconds(5)
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let running = try #require(try await fixture.claim(worker).first)
    let second = try #require(
      try await fixture.store.submit(StoreFixture.request("/a", "new", workflow: workflow)).job)
    fixture.clock.advance(by: .seconds(6))
    _ = try await fixture.claim(worker)
    #expect(try await fixture.store.job(second).state == .dead)
    // Behind an older job that is running, it waits again.
    #expect(try await fixture.store.redrive(JobFilter(), actor: "test").redriven == [second.rawValue])
    #expect(try await fixture.store.job(second).reason == "after-previous")
    try await fixture.finish(running)
    let redriven = try #require(try await fixture.claim(worker).first)
    #expect(redriven.lease.job == second)
    // Beside a job of the same revision, which a repair queued, it is needless.
    try await fixture.store.finish(redriven.lease, .dead(fixture.failed(.permanent)), last: nil)
    let document = try #require(
      try await fixture.store.holdings("docs", 1, after: nil, limit: 1).first?.document)
    #expect(try await fixture.store.requeue("docs", 1, documents: [document], actor: "test") == 1)
    #expect(try await fixture.store.redrive(JobFilter(), actor: "test").superseded == [second.rawValue])
    #expect(try await fixture.claim(worker, limit: 9).count == 1)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("claims end quarantined jobs in slices of bounded size", arguments: StoreKind.allCases)
  func quarantineInSlices(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    for number in 0..<3 {
      let worker = try await fixture.worker("dying-\(number)")
      _ = try await fixture.store.submit(StoreFixture.request("/fatal", "fatal"))
      #expect(try await fixture.claim(worker, limit: 1).count == 1)
      _ = try await fixture.store.reclaim(dead: worker)
    }
    for number in 0..<300 { _ = try await fixture.store.submit(StoreFixture.request("/\(number)", "fatal")) }
    _ = try await fixture.store.submit(StoreFixture.request("/good", "good"))
    let worker = try await fixture.worker()
    var claims = 0
    while try await fixture.claim(worker, limit: 8).isEmpty { claims += 1 }
    #expect(claims >= 2)
    #expect(try await fixture.countersAreTrue())
  }
}
