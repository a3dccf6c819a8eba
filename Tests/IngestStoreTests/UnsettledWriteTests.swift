import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Writes that nobody told of")
struct UnsettledWriteTests {
  private static func shown(_ revision: Int, chunks: Int = 4) -> ShownRevision {
    ShownRevision(revision: revision, isDeleted: false, chunks: chunks)
  }

  @Test("what a job had written before it was cancelled is held once it was seen", arguments: StoreKind.allCases)
  func takenOver(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    #expect(write.index == "docs" && write.generation == 1 && write.revision == 1)
    try await it.store.settle(write, shown: Self.shown(1))
    let holding = try #require(try await it.store.holdings("docs", 1, of: [write.document]).first)
    #expect(holding.revision == 1 && holding.change == .content && holding.chunks == 4)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test(
    "what the index does not show is looked for ever less often, for a day", arguments: StoreKind.allCases, [nil, 2])
  func notShown(on kind: StoreKind, revision: Int?) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    let begin = it.clock.now
    var looks = 0
    while try await !it.unsettledWrites().isEmpty {
      if try await !it.unsettledWrites(.due).isEmpty {
        looks += 1
        try await it.store.settle(write, shown: revision.map { Self.shown($0) })
      }
      it.clock.advance(by: .seconds(30))
    }
    #expect(looks == 7)
    let took = it.clock.now - begin
    #expect(took >= .seconds(86_400) && took < .seconds(90_000))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == nil)
  }

  @Test("a write that comes late is found by the next look", arguments: StoreKind.allCases)
  func late(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    try await it.store.settle(write, shown: nil)
    #expect(try await it.unsettledWrites(.due).isEmpty)
    it.clock.advance(by: .seconds(61))
    #expect(try await it.unsettledWrites(.due) == [write])
    try await it.store.settle(write, shown: Self.shown(1))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == 1)
  }

  @Test(
    "who looked before a write was noted anew, or before another was noted, settles nothing",
    arguments: StoreKind.allCases)
  func staleLook(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let first = try await it.unsettled()
    try await it.store.settle(first, shown: Self.shown(1))
    _ = try await it.store.submit(StoreFixture.request("/b"))
    let job = try #require(try await it.claim(WorkerID(rawValue: "worker-1")).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    let second = try #require(try await it.unsettledWrites().first)
    #expect(second.key > first.key)
    try await it.store.settle(first, shown: Self.shown(1))
    #expect(try await it.store.holdings("docs", 1, of: [second.document]).first?.revision == nil)

    _ = try await it.store.redrive(JobFilter(), actor: "ann")
    let again = try #require(try await it.claim(WorkerID(rawValue: "worker-1")).first)
    try await it.store.finish(again.lease, .cancelled, last: nil)
    try await it.store.settle(second, shown: Self.shown(1))
    let noted = try #require(try await it.unsettledWrites().first)
    #expect(noted.key > second.key && noted.revision == 1)
  }

  @Test("a delete that was written is held as one", arguments: StoreKind.allCases)
  func delete(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    try await it.store.settle(write, shown: ShownRevision(revision: 1, isDeleted: true, chunks: 0))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.change == .delete)
  }

  @Test("it waits for a job that came meanwhile, and does not take its revision back", arguments: StoreKind.allCases)
  func openJob(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    _ = try await it.store.submit(StoreFixture.request("/a", "another text"))
    #expect(try await it.unsettledWrites().isEmpty)
    #expect(try await !it.store.isSettleable(write))
    try await it.store.settle(write, shown: Self.shown(1))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == nil)
    _ = try await it.complete(WorkerID(rawValue: "worker-1"))
    #expect(try await it.unsettledWrites() == [write])
    try await it.store.settle(write, shown: Self.shown(1))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == 2)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("an old look changes nothing of what a later run of the same revision has told", arguments: StoreKind.allCases)
  func toldSince(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    _ = try await it.store.queueWanted("docs", 1, documents: [write.document], actor: "ann")
    _ = try await it.complete(WorkerID(rawValue: "worker-1"), chunks: 3)
    try await it.store.settle(write, shown: Self.shown(1, chunks: 9))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.chunks == 3)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("jobs that no worker had, or that had told, leave nothing to look at", arguments: StoreKind.allCases)
  func nothingToLookAt(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let waiting = try #require(try await it.store.submit(StoreFixture.request("/a")).job)
    _ = try await it.store.cancel(waiting, actor: "ann")
    _ = try await it.store.submit(StoreFixture.request("/b"))
    _ = try await it.complete(worker)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("a job that died leaves a look as well", arguments: StoreKind.allCases)
  func died(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    _ = try await it.store.submit(StoreFixture.request("/a"))
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    #expect(try await it.unsettledWrites().map(\.revision) == [1])
  }

  @Test("a generation that goes takes them along", arguments: StoreKind.allCases)
  func deletedGeneration(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    _ = try await it.green()
    _ = try await it.store.submit(StoreFixture.request("/a"))
    for job in try await it.claim(worker, limit: 8) { try await it.store.finish(job.lease, .cancelled, last: nil) }
    #expect(Set(try await it.unsettledWrites().map(\.generation)) == [1, 2])
    #expect(try await it.store.closeGeneration("docs", 2, actor: "ann") == 0)
    #expect(try await it.unsettledWrites().map(\.generation) == [1])
  }
}

extension StoreFixture {
  func unsettledWrites() async throws -> [UnsettledWrite] {
    try await unsettledWrites(.all)
  }

  func unsettledWrites(_ scope: UnsettledScope) async throws -> [UnsettledWrite] {
    try await store.unsettledWrites(scope, after: 0, limit: 100)
  }

  /// Of a document whose job was cancelled while it ran.
  func unsettled() async throws -> UnsettledWrite {
    let worker = try await worker()
    _ = try await store.submit(Self.request("/a"))
    let job = try #require(try await claim(worker).first)
    try await store.finish(job.lease, .cancelled, last: nil)
    return try #require(try await unsettledWrites().first)
  }
}
