import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Index writes of ended jobs that were not recorded")
struct UnsettledWriteTests {
  private static func shown(_ revision: Int, chunks: Int = 4) -> ShownRevision {
    ShownRevision(revision: revision, isDeleted: false, chunks: chunks)
  }

  @Test("a write of a cancelled job is recorded as held once a check finds it", arguments: StoreKind.allCases)
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
    "a write that the index does not show is checked at growing intervals for a day", arguments: StoreKind.allCases,
    [nil, 2])
  func notShown(on kind: StoreKind, revision: Int?) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    let begin = it.clock.now
    var checks = 0
    while try await !it.unsettledWrites().isEmpty {
      if try await !it.unsettledWrites(.due).isEmpty {
        checks += 1
        try await it.store.settle(write, shown: revision.map { Self.shown($0) })
      }
      it.clock.advance(by: .seconds(30))
    }
    #expect(checks == 7)
    let took = it.clock.now - begin
    #expect(took >= .seconds(86_400) && took < .seconds(90_000))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == nil)
  }

  @Test("a write that appears late is found by the next check", arguments: StoreKind.allCases)
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
    "a check that started before the write was noted again, or before another was noted, settles nothing",
    arguments: StoreKind.allCases)
  func staleCheck(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let first = try await it.unsettled()
    try await it.store.settle(first, shown: Self.shown(1))
    _ = try await it.store.submit(StoreFixture.request("/b"))
    let job = try #require(try await it.claim(WorkerID(rawValue: "worker-1")).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    let second = try #require(try await it.unsettledWrites().first)
    #expect(second.id != first.id)
    try await it.store.settle(first, shown: Self.shown(1))
    #expect(try await it.store.holdings("docs", 1, of: [second.document]).first?.revision == nil)

    _ = try await it.store.redrive(JobFilter(), actor: "ann")
    let again = try #require(try await it.claim(WorkerID(rawValue: "worker-1")).first)
    try await it.store.finish(again.lease, .cancelled, last: nil)
    try await it.store.settle(second, shown: Self.shown(1))
    let noted = try #require(try await it.unsettledWrites().first)
    #expect(noted.id != second.id && noted.revision == 1)
  }

  @Test("a delete that took effect is recorded as held", arguments: StoreKind.allCases)
  func delete(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    try await it.store.settle(write, shown: ShownRevision(revision: 1, isDeleted: true, chunks: 0))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.change == .delete)
  }

  @Test("a check waits for a newer open job, and does not put back its revision", arguments: StoreKind.allCases)
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

  @Test("a late check does not change what a later run of the same revision recorded", arguments: StoreKind.allCases)
  func recordedSince(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let write = try await it.unsettled()
    _ = try await it.store.queueWanted("docs", 1, documents: [write.document], actor: "ann")
    _ = try await it.complete(WorkerID(rawValue: "worker-1"), chunks: 3)
    try await it.store.settle(write, shown: Self.shown(1, chunks: 9))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.chunks == 3)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("jobs that never ran, or that recorded their write, leave nothing to check", arguments: StoreKind.allCases)
  func nothingToCheck(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    let waiting = try #require(try await it.store.submit(StoreFixture.request("/a")).job)
    _ = try await it.store.cancel(waiting, actor: "ann")
    _ = try await it.store.submit(StoreFixture.request("/b"))
    _ = try await it.complete(worker)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("a job that died leaves a write to check as well", arguments: StoreKind.allCases)
  func died(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    _ = try await it.store.submit(StoreFixture.request("/a"))
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    #expect(try await it.unsettledWrites().map(\.revision) == [1])
  }

  @Test("deleting a generation removes its pending checks", arguments: StoreKind.allCases)
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
    try await store.unsettledWrites(scope, from: nil, limit: 100).writes
  }

  /// Returns the pending check of a document whose job was cancelled while it ran.
  func unsettled() async throws -> UnsettledWrite {
    let worker = try await worker()
    _ = try await store.submit(Self.request("/a"))
    let job = try #require(try await claim(worker).first)
    try await store.finish(job.lease, .cancelled, last: nil)
    return try #require(try await unsettledWrites().first)
  }
}
