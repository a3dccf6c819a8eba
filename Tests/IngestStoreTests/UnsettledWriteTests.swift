import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Writes that nobody told of")
struct UnsettledWriteTests {
  private static func shown(_ revision: Int, chunks: Int = 4) -> ShownRevision {
    ShownRevision(revision: revision, isDeleted: false, chunks: chunks)
  }

  @Test("what a job had written before it was cancelled is held once it was seen")
  func takenOver() async throws {
    let it = try await StoreFixture()
    let write = try await it.unsettled()
    #expect(write.index == "docs" && write.generation == 1 && write.revision == 1)
    try await it.store.settle(write, shown: Self.shown(1))
    let holding = try #require(try await it.store.holdings("docs", 1, of: [write.document]).first)
    #expect(holding.revision == 1 && holding.change == .content && holding.chunks == 4)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("what the index does not show is forgotten, and nothing is held", arguments: [nil, 2])
  func notShown(revision: Int?) async throws {
    let it = try await StoreFixture()
    let write = try await it.unsettled()
    try await it.store.settle(write, shown: revision.map { Self.shown($0) })
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == nil)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("a delete that was written is held as one")
  func delete() async throws {
    let it = try await StoreFixture()
    let write = try await it.unsettled()
    try await it.store.settle(write, shown: ShownRevision(revision: 1, isDeleted: true, chunks: 0))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.change == .delete)
  }

  @Test("it waits for a job that came meanwhile, and does not take its revision back")
  func openJob() async throws {
    let it = try await StoreFixture()
    let write = try await it.unsettled()
    _ = try await it.store.submit(StoreFixture.request("/a", "another text"))
    #expect(try await it.unsettledWrites().isEmpty)
    try await it.store.settle(write, shown: Self.shown(1))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == nil)
    _ = try await it.complete(WorkerID(rawValue: "worker-1"))
    #expect(try await it.unsettledWrites() == [write])
    try await it.store.settle(write, shown: Self.shown(1))
    #expect(try await it.store.holdings("docs", 1, of: [write.document]).first?.revision == 2)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("jobs that no worker had, or that had told, leave nothing to look at")
  func nothingToLookAt() async throws {
    let it = try await StoreFixture()
    let worker = try await it.worker()
    let waiting = try #require(try await it.store.submit(StoreFixture.request("/a")).job)
    _ = try await it.store.cancel(waiting, actor: "ann")
    _ = try await it.store.submit(StoreFixture.request("/b"))
    _ = try await it.complete(worker)
    #expect(try await it.unsettledWrites().isEmpty)
  }

  @Test("a job that died leaves a look as well")
  func died() async throws {
    let it = try await StoreFixture()
    let worker = try await it.worker()
    _ = try await it.store.submit(StoreFixture.request("/a"))
    let job = try #require(try await it.claim(worker).first)
    try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
    #expect(try await it.unsettledWrites().map(\.revision) == [1])
  }

  @Test("a step that ends after its job's cancellation has it looked at again; one whose job is open does not")
  func late() async throws {
    let it = try await StoreFixture()
    let worker = try await it.worker()
    _ = try await it.store.submit(StoreFixture.request("/a"))
    let job = try #require(try await it.claim(worker).first)
    try await it.store.mayHaveWritten(job.lease)
    #expect(try await it.unsettledWrites().isEmpty)
    try await it.store.finish(job.lease, .cancelled, last: nil)
    for write in try await it.unsettledWrites() { try await it.store.settle(write, shown: nil) }
    try await it.store.mayHaveWritten(job.lease)
    #expect(try await it.unsettledWrites().count == 1)
  }

  @Test("a generation that goes takes them along")
  func deletedGeneration() async throws {
    let it = try await StoreFixture()
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
    try await store.unsettledWrites(of: nil, generation: nil, after: 0, limit: 100)
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
