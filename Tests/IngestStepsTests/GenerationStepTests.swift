import IngestBlobs
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestStore
import IngestTestKit
import Testing

@Suite("Steps of generations")
struct GenerationStepTests {
  private func build(_ fixture: StepFixture) async throws -> JobID {
    try await fixture.store.openGeneration(
      index: "docs", spec: StepFixture.spec(target: 100), reindex: StepFixture.reindex, actor: "test"
    ).job
  }

  @Test("one job fills a generation, verifies it, makes it ready and swaps it in")
  func reindexes() async throws {
    let fixture = try await StepFixture()
    for number in 0..<70 { try await fixture.submit("/\(number).txt", "text \(number)") }
    for _ in 0..<70 { try await fixture.complete() }
    try await fixture.delete("/0.txt")
    try await fixture.complete()
    let id = try await build(fixture)
    let job = try await fixture.claim("system")
    let results = try await fixture.run(["fill"], of: job)
    #expect(try await fixture.store.job(id).state == .waiting)
    for _ in 1..<70 { try await fixture.complete() }
    let again = try await fixture.claim("system")
    #expect(again.lease.job == id)
    try await fixture.run(["verify", "ready", "swap"], of: again, results: results, isLast: true)
    #expect(try await fixture.store.live("docs").number == 2)
    #expect(try await fixture.proof(2).isProved)
    #expect(try await fixture.proof(2).documents == 69)
  }

  @Test("a fill continues from its cursor, and queues no document's job twice")
  func fillResumes() async throws {
    let fixture = try await StepFixture()
    for number in 0..<150 { try await fixture.submit("/\(number).txt", "text \(number)") }
    for _ in 0..<150 { try await fixture.complete() }
    _ = try await build(fixture)
    let job = try await fixture.claim("system")
    struct Killed: Error {}
    await #expect(throws: Killed.self) { try await fixture.run("fill", of: job) { _ in throw Killed() } }
    #expect(try await fixture.store.status().sources.first { $0.source == "default" }?.queued == 64)
    try await fixture.run(["fill"], of: job)
    #expect(try await fixture.store.status().sources.first { $0.source == "default" }?.queued == 150)
  }

  @Test("a generation that differs from the catalogue does not become ready")
  func refuses() async throws {
    let fixture = try await StepFixture()
    let receipt = try await fixture.submit("/a.txt", "text")
    try await fixture.complete()
    _ = try await build(fixture)
    let job = try await fixture.claim("system")
    let results = try await fixture.run(["fill"], of: job)
    try await fixture.complete()
    try await fixture.backend.purge(
      receipt.document, revisions: 1...1, in: GenerationName(index: "docs", number: 2))
    let again = try await fixture.claim("system")
    await #expect {
      try await fixture.run("verify", of: again, results: results)
    } throws: {
      ($0 as? Failure)?.code == "VERIFICATION_FAILED"
    }
  }

  @Test("a late worker creates no files for a deleted generation")
  func deleted() async throws {
    let fixture = try await StepFixture()
    _ = try await build(fixture)
    let job = try await fixture.claim("system")
    fixture.base.clock.advance(by: .seconds(31))
    _ = try await fixture.base.worker("other")
    _ = try await fixture.store.cancel(job.lease.job, actor: "test")
    _ = try await fixture.store.closeGeneration("docs", 2, actor: "test")
    let name = GenerationName(index: "docs", number: 2)
    try await fixture.backend.delete(name)
    await #expect {
      try await fixture.run("fill", of: job)
    } throws: {
      ($0 as? Failure)?.code == "GENERATION_DELETED"
    }
    await #expect(throws: IndexError.self) { try await fixture.backend.counts(in: name) }
  }
}
