import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Generations")
struct GenerationTests {
  private func green(_ fixture: StoreFixture) async throws -> (Generation, JobID) {
    var spec = StoreFixture.spec
    spec.chunker.target = 100
    return try await fixture.store.openGeneration(
      index: "docs", spec: spec, reindex: StoreFixture.workflow("reindex", steps: 3), actor: "test")
  }

  /// Runs the reindex job until it waits for the documents.
  private func fill(_ fixture: StoreFixture, _ worker: WorkerID) async throws -> ClaimedJob {
    let job = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["system"])).first)
    var next: DocumentID?
    repeat {
      next = try await fixture.store.fill(index: "docs", generation: 2, after: next, limit: 2, actor: "test").next
    } while next != nil
    try await fixture.store.finish(job.lease, .gathers, last: fixture.checkpoint(job, 0))
    return job
  }

  @Test("every submit goes to every open generation", arguments: StoreKind.allCases)
  func bothGenerations(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    _ = try await green(fixture)
    let receipt = try await fixture.store.submit(StoreFixture.request("/a"))
    let jobs = try await fixture.store.jobs(JobFilter(source: "default"))
    #expect(jobs.compactMap(\.generation).sorted() == [1, 2])
    #expect(jobs.first { $0.generation == 1 }?.job == receipt.job?.rawValue)
  }

  @Test("a build queues the kept documents, waits for them and continues", arguments: StoreKind.allCases)
  func fills(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    for number in 0..<5 { _ = try await fixture.store.submit(StoreFixture.request("/\(number)", "text \(number)")) }
    while try await fixture.complete(worker) != nil {}
    let (_, job) = try await green(fixture)
    _ = try await fill(fixture, worker)
    #expect(try await fixture.store.job(job).state == .waiting)
    #expect(try await fixture.store.generations(of: "docs")[1].behind == 5)
    for _ in 0..<5 {
      #expect(try await fixture.store.job(job).state == .waiting)
      try await fixture.complete(worker)
    }
    #expect(try await fixture.store.job(job).state == .queued)
    #expect(try await fixture.store.generations(of: "docs")[1].behind == 0)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a build with nothing to fill does not wait", arguments: StoreKind.allCases)
  func emptyFill(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let (_, job) = try await green(fixture)
    _ = try await fill(fixture, worker)
    #expect(try await fixture.store.job(job).state == .queued)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "a swap is refused while green lacks documents that live holds; then swap and swap back are one step each",
    arguments: StoreKind.allCases)
  func swaps(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    _ = try await green(fixture)
    let swap = SwapRequest(index: "docs", to: 2, from: 1, actor: "test")
    await #expect { try await fixture.store.swap(swap) } throws: {
      ($0 as? Failure)?.code == "SWAP_REFUSED" && ($0 as? Failure)?.category == .refused
    }
    _ = try await fill(fixture, worker)
    try await fixture.complete(worker)
    #expect(try await fixture.store.swap(swap).live == 2)
    #expect(try await fixture.store.live("docs").number == 2)
    await #expect { try await fixture.store.swap(swap) } throws: { ($0 as? Failure)?.code == "SWAP_CONFLICT" }
    #expect(try await fixture.store.previous(of: "docs") == 1)
    // The old generation still receives writes, here later than the live one.
    _ = try await fixture.store.submit(StoreFixture.request("/b", "new"))
    let claimed = try await fixture.claim(worker, limit: 2, scope: WorkScope(sources: ["default"]))
    let ahead = try #require(claimed.first { $0.task.contains("\"generation\":2") })
    let late = try #require(claimed.first { $0.task.contains("\"generation\":1") })
    try await fixture.finish(ahead)
    let back = SwapRequest(index: "docs", to: 1, from: 2, rollback: true, actor: "test")
    await #expect { try await fixture.store.swap(back) } throws: { ($0 as? Failure)?.code == "ROLLBACK_BEHIND" }
    try await fixture.finish(late)
    #expect(try await fixture.store.swap(back).live == 1)
    #expect(try await fixture.store.history("docs", limit: 10).map(\.kind).prefix(2) == ["rolled-back", "swapped"])
  }

  @Test(
    "a document that live gains after the slow check of the gate still closes the gate", arguments: StoreKind.allCases)
  func gateDelta(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    _ = try await green(fixture)
    _ = try await fill(fixture, worker)
    try await fixture.complete(worker)
    let swap = SwapRequest(index: "docs", to: 2, from: 1, actor: "test")
    let seen = try await fixture.store.lookAtGate(swap)
    _ = try await fixture.store.submit(StoreFixture.request("/b", "new"))
    let claimed = try await fixture.claim(worker, limit: 2, scope: WorkScope(sources: ["default"]))
    try await fixture.finish(try #require(claimed.first { $0.task.contains("\"generation\":1") }))
    await #expect { try await fixture.store.swap(swap, seen: seen) } throws: {
      ($0 as? Failure)?.code == "SWAP_REFUSED"
    }
    try await fixture.finish(try #require(claimed.first { $0.task.contains("\"generation\":2") }))
    #expect(try await fixture.store.swap(swap, seen: seen).live == 2)
  }

  @Test(
    "an older revision in green counts as missing, and the held revision never goes down", arguments: StoreKind.allCases
  )
  func olderRevision(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    try await fixture.complete(worker)
    _ = try await green(fixture)
    _ = try await fill(fixture, worker)
    try await fixture.complete(worker)
    let receipt = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    let claimed = try await fixture.claim(worker, limit: 2, scope: WorkScope(sources: ["default"]))
    try await fixture.finish(try #require(claimed.first { $0.task.contains("\"generation\":1") }))
    #expect(try await fixture.store.gate("docs", to: 2).lacking == 1)
    let late = try #require(claimed.first { $0.task.contains("\"generation\":2") })
    func hold(_ revision: Int) -> CatalogueEffect {
      .hold(index: "docs", generation: 2, document: receipt.document, revision: revision, change: .content, chunks: 1)
    }
    try await fixture.store.checkpoint(late.lease, fixture.checkpoint(late, 0, effects: [hold(2)]))
    try await fixture.store.finish(late.lease, .completed, last: fixture.checkpoint(late, 1, effects: [hold(1)]))
    #expect(try await fixture.store.holdings("docs", 2, of: [receipt.document]).map(\.revision) == [2])
  }

  @Test("documents that died in green are counted and can be accepted as missing", arguments: StoreKind.allCases)
  func acceptsMissing(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    _ = try await green(fixture)
    _ = try await fill(fixture, worker)
    let job = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["default"])).first)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    let gate = try await fixture.store.gate("docs", to: 2)
    #expect(gate.lacking == 1)
    #expect(gate.died == ["/a"])
    var swap = SwapRequest(index: "docs", to: 2, from: 1, actor: "test")
    await #expect(throws: Failure.self) { try await fixture.store.swap(swap) }
    swap.acceptMissing = 1
    #expect(try await fixture.store.swap(swap).missing == 1)
  }

  @Test("a document that live deleted and green still holds blocks the swap", arguments: StoreKind.allCases)
  func deletesBlock(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    _ = try await green(fixture)
    _ = try await fill(fixture, worker)
    try await fixture.complete(worker)
    var delete = StoreFixture.request("/a", workflow: StoreFixture.workflow("delete"))
    delete.change = .delete
    _ = try await fixture.store.submit(delete)
    let first = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["default"])).first)
    try await fixture.finish(first)
    #expect(try await fixture.store.gate("docs", to: 2).lacking == 1)
    while try await fixture.complete(worker) != nil {}
    #expect(try await fixture.store.gate("docs", to: 2).lacking == 0)
  }

  @Test("a closed generation takes no more work, and its number is never used again", arguments: StoreKind.allCases)
  func closes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await green(fixture)
    let receipt = try await fixture.store.submit(StoreFixture.request("/a"))
    #expect(try await fixture.store.closeGeneration("docs", 2, actor: "test") == 0)
    await #expect { try await fixture.store.closeGeneration("docs", 1, actor: "test") } throws: {
      ($0 as? Failure)?.code == "GENERATION_LIVE"
    }
    let claimed = try await fixture.claim(worker, limit: 10)
    #expect(claimed.map(\.lease.job) == [receipt.job])
    _ = try await fixture.store.submit(StoreFixture.request("/b"))
    #expect(try await fixture.store.jobs(JobFilter(state: .queued)).map(\.generation) == [1])
    let (next, _) = try await green(fixture)
    #expect(next.number == 3)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("requeued documents are wanted again", arguments: StoreKind.allCases)
  func requeues(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let receipt = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    #expect(try await fixture.store.requeue("docs", 1, documents: [receipt.document], actor: "test") == 1)
    #expect(try await fixture.store.requeue("docs", 1, documents: [receipt.document], actor: "test") == 0)
    let holding = try #require(try await fixture.store.holdings("docs", 1, of: [receipt.document]).first)
    #expect(holding.revision == nil)
    #expect(holding.inFlight)
    try await fixture.complete(worker)
    #expect(try await fixture.store.holdings("docs", 1, after: nil, limit: 10).map(\.revision) == [1])
  }

  @Test(
    "a document that is only behind stays held at the earlier revision while its job waits",
    arguments: StoreKind.allCases)
  func queuesWanted(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    let receipt = try await fixture.store.submit(StoreFixture.request("/a", "another text"))
    _ = try await fixture.store.cancel(try #require(receipt.job), actor: "test")
    #expect(try await fixture.store.queueWanted("docs", 1, documents: [receipt.document], actor: "test") == 1)
    #expect(try await fixture.store.queueWanted("docs", 1, documents: [receipt.document], actor: "test") == 0)
    let holding = try #require(try await fixture.store.holdings("docs", 1, of: [receipt.document]).first)
    #expect(holding.revision == 1)
    #expect(holding.wanted == 2)
    #expect(holding.inFlight)
    try await fixture.complete(worker)
    #expect(try await fixture.store.holdings("docs", 1, after: nil, limit: 10).map(\.revision) == [2])
  }
}
