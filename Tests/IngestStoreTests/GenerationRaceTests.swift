import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Generations that change while jobs, repairs and swaps are under way.
@Suite("Generations that change while jobs run")
struct GenerationRaceTests {
  private func green(_ fixture: StoreFixture) async throws -> JobID {
    var spec = StoreFixture.spec
    spec.chunker.target = 100
    return try await fixture.store.openGeneration(
      index: "docs", spec: spec, reindex: StoreFixture.workflow("reindex", steps: 3), actor: "test"
    ).job
  }

  private func documents(_ fixture: StoreFixture) async throws -> [DocumentID] {
    try await fixture.store.holdings("docs", 1, after: nil, limit: 100).map(\.document)
  }

  @Test("a late worker or command queues no work for a deleted generation", arguments: StoreKind.allCases)
  func deleted(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    _ = try await green(fixture)
    _ = try await fixture.store.closeGeneration("docs", 2, actor: "test")
    await #expect {
      try await fixture.store.fill(index: "docs", generation: 2, after: nil, limit: 64, actor: "late")
    } throws: {
      ($0 as? Failure)?.code == "GENERATION_DELETED"
    }
    let documents = try await documents(fixture)
    await #expect(throws: Failure.self) {
      try await fixture.store.requeue("docs", 2, documents: documents, actor: "late")
    }
    #expect(try await fixture.store.jobs(JobFilter(state: .queued)).isEmpty)
  }

  @Test("the reindex job of a deleted generation is not redriven", arguments: StoreKind.allCases)
  func deletedWhileDead(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let job = try await green(fixture)
    let claimed = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(claimed.lease, .dead(fixture.failed(.permanent)), last: nil)
    // An older version left this state: it did not end the dead letters of a generation that it closed.
    try await fixture.database.write { db in
      _ = try db.run("UPDATE generations SET state = 'deleted' WHERE number = 2")
    }
    let report = try await fixture.store.redrive(JobFilter(), actor: "test")
    #expect(report.superseded == [job.rawValue])
    #expect(try await fixture.claim(worker).isEmpty)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "a repair queues a document behind the running job that may have written what the repair removed",
    arguments: StoreKind.allCases)
  func requeueBehindRunning(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let running = try #require(try await fixture.claim(worker).first)
    let documents = try await documents(fixture)
    #expect(try await fixture.store.requeue("docs", 1, documents: documents, actor: "test") == 1)
    // The second repair queues nothing: a job that will do all of it already waits.
    #expect(try await fixture.store.requeue("docs", 1, documents: documents, actor: "test") == 0)
    #expect(try await fixture.claim(worker).isEmpty)
    try await fixture.finish(running)
    #expect(try await fixture.claim(worker).count == 1)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "the job that waits for a generation continues when a newer revision supersedes the last job that it waited for",
    arguments: StoreKind.allCases)
  func supersededLast(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    let job = try await green(fixture)
    let reindex = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["system"])).first)
    _ = try await fixture.store.fill(index: "docs", generation: 2, after: nil, limit: 64, actor: "test")
    try await fixture.store.finish(reindex.lease, .gathers, last: fixture.checkpoint(reindex, 0))
    #expect(try await fixture.store.job(job).state == .waiting)
    let later = fixture.clock.now + .seconds(3600)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "new", notBefore: later))
    #expect(try await fixture.store.job(job).state == .queued)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "the job that waits for a generation continues when the others have ended, in any order",
    arguments: StoreKind.allCases,
    [false, true])
  func anyOrder(on kind: StoreKind, isReversed: Bool) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    for number in 0..<5 { _ = try await fixture.store.submit(StoreFixture.request("/\(number)", "text \(number)")) }
    while try await fixture.complete(worker) != nil {}
    let job = try await green(fixture)
    let reindex = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["system"])).first)
    _ = try await fixture.store.fill(index: "docs", generation: 2, after: nil, limit: 64, actor: "test")
    try await fixture.store.finish(reindex.lease, .gathers, last: fixture.checkpoint(reindex, 0))
    // It does not wait for a job that came later, even if that job's document sorts before.
    _ = try await fixture.store.submit(StoreFixture.request("/later", notBefore: fixture.clock.now + .seconds(60)))
    var open = try await fixture.store.jobs(JobFilter(source: "default", state: .queued)).filter {
      $0.uri != "/later"
    }
    #expect(open.count == 5)
    if isReversed { open.reverse() }
    for next in open {
      #expect(try await fixture.store.job(job).state == .waiting)
      _ = try await fixture.store.cancel(JobID(rawValue: next.job), actor: "test")
    }
    #expect(try await fixture.store.job(job).state == .queued)
    let outlook = try await fixture.store.outlook(WorkScope())
    #expect(outlook == QueueOutlook(queued: 3, running: 0, waiting: 0, stuck: 0))
    #expect(try await fixture.store.outlook(WorkScope(indexes: ["docs"])) == outlook)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "a swap step is refused while a document's job is open, and swaps once the document is held",
    arguments: StoreKind.allCases)
  func swapStep(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    _ = try await green(fixture)
    let job = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["system"])).first)
    _ = try await fixture.store.fill(index: "docs", generation: 2, after: nil, limit: 64, actor: "test")
    let swap = fixture.checkpoint(job, 0, effects: [.swap(index: "docs", to: 2, from: 1, acceptMissing: 0)])
    await #expect {
      try await fixture.store.checkpoint(job.lease, swap)
    } throws: {
      ($0 as? Failure)?.code == "SWAP_REFUSED" && ($0 as? Failure)?.kind == .transient
    }
    try await fixture.complete(worker)
    try await fixture.store.checkpoint(job.lease, swap)
    #expect(try await fixture.store.live("docs").number == 2)
  }

  @Test("every change of a held revision is in the journal that a swap reads", arguments: StoreKind.allCases)
  func journalled(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let receipt = try await fixture.store.submit(StoreFixture.request("/a"))
    let lines = { () async throws -> Int in
      try await fixture.database.read { db in
        try db.first(
          "SELECT count(*) FROM journal WHERE document_key IS NOT NULL AND generation_key IS NOT NULL"
        ) { $0.int(0) } ?? 0
      }
    }
    let job = try #require(try await fixture.claim(worker).first)
    let hold = CatalogueEffect.hold(
      index: "docs", generation: 1, document: receipt.document, revision: 1, change: .content, chunks: 1)
    try await fixture.store.finish(job.lease, .released, last: fixture.checkpoint(job, 0, effects: [hold]))
    #expect(try await lines() == 1)
    let again = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(again.lease, .completed, last: fixture.checkpoint(again, 1))
    _ = try await fixture.store.requeue("docs", 1, documents: [receipt.document], actor: "test")
    #expect(try await lines() == 2)
  }
}
