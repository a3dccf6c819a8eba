import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestSteps
import IngestStore
import IngestTestKit
import Testing

@Suite("Steps write into the back end of each generation")
struct BackendChoiceTests {
  private static let green = GenerationName(index: "docs", number: 2)

  /// Ingests documents into a generation of the embedded back end, and swaps in a generation of the weak back end.
  private func swapped(_ weak: WeakIndex, documents: Int) async throws -> StepFixture {
    let fixture = try await StepFixture(others: [weak])
    for number in 0..<documents { try await fixture.submit("/\(number).txt", "text \(number)") }
    for _ in 0..<documents { try await fixture.complete() }
    var spec = StepFixture.spec()
    spec.backend = weak.name
    _ = try await fixture.store.openGeneration(index: "docs", spec: spec, reindex: StepFixture.reindex, actor: "test")
    let job = try await fixture.claim("system")
    let results = try await fixture.run(["fill"], of: job)
    for _ in 0..<documents { try await fixture.complete() }
    let again = try await fixture.claim("system")
    try await fixture.run(["verify", "ready", "swap"], of: again, results: results, isLast: true)
    return fixture
  }

  private func revisions(_ weak: WeakIndex, _ document: DocumentID) -> Set<Int> {
    Set(weak.stored(in: Self.green).filter { $0.document == document }.map(\.revision))
  }

  @Test("a generation in another back end is filled, verified and swapped in while the live one stays in its own")
  func fills() async throws {
    let weak = WeakIndex(isVerifiable: true)
    let fixture = try await swapped(weak, documents: 3)
    #expect(try await fixture.store.live("docs").number == 2)
    #expect(weak.stored(in: Self.green).count == 3)
    #expect(weak.stored(in: GenerationName(index: "docs", number: 1)).isEmpty)
    await #expect(throws: IndexError.generationMissing(Self.green)) { try await fixture.backend.counts(in: Self.green) }
    #expect(try await fixture.proof(1).isProved)
    #expect(try await fixture.proof(2).documents == 3)
  }

  @Test(
    "an update leaves the lower revision until the new one is held; the next update or a verification removes it"
  )
  func sweeps() async throws {
    let weak = WeakIndex(isVerifiable: true)
    let fixture = try await swapped(weak, documents: 1)
    let document = try await fixture.submit("/0.txt", "second").document
    for _ in 0..<2 { try await fixture.complete() }
    #expect(revisions(weak, document) == [1, 2])
    try await fixture.submit("/0.txt", "third")
    for _ in 0..<2 { try await fixture.complete() }
    #expect(revisions(weak, document) == [2, 3])
    #expect(try await fixture.proof(2).isProved)
    #expect(revisions(weak, document) == [3])
    try await fixture.delete("/0.txt")
    for _ in 0..<2 { try await fixture.complete() }
    #expect(revisions(weak, document) == [])
    #expect(try await fixture.proof(1).isProved)
    #expect(try await fixture.proof(2).isProved)
  }

  @Test("maintenance removes what a late worker wrote below the held revision or after a delete")
  func upkeep() async throws {
    let weak = WeakIndex(isVerifiable: true)
    let fixture = try await swapped(weak, documents: 2)
    let kept = try await fixture.submit("/0.txt", "second").document
    let deleted = try await fixture.delete("/1.txt").document
    for _ in 0..<4 { try await fixture.complete() }
    for document in [kept, deleted] {
      _ = try await weak.write(Self.late(document), into: Self.green)
      #expect(revisions(weak, document).contains(1))
    }
    try await HeldSweep(generations: fixture.store).run(Self.green, in: weak)
    #expect(revisions(weak, kept) == [2] && revisions(weak, deleted) == [])
  }

  private static func late(_ document: DocumentID) -> DocumentWrite {
    DocumentWrite(
      header: DocumentHeader(document: document, revision: 1, source: "default", uri: "late"),
      chunks: [
        EmbeddedChunk(
          chunk: Chunk(ordinal: 0, start: 0, end: 4, page: nil, heading: [], tokens: 1, text: "late"), vector: nil)
      ])
  }

  @Test("a cancelled job's write is removed, not recorded as held, if the back end cannot prove that it is complete")
  func settles() async throws {
    let weak = WeakIndex(isVerifiable: true)
    let fixture = try await swapped(weak, documents: 1)
    let document = try await fixture.submit("/0.txt", "second").document
    for _ in 0..<2 {
      let job = try await fixture.claim()
      let results = try await fixture.run(["parse", "chunk", "embed"], of: job)
      _ = try await fixture.run("upsert", of: job, results: results)
      try await fixture.store.finish(job.lease, .cancelled, last: nil)
    }
    #expect(revisions(weak, document) == [1, 2])
    try await Settlement(generations: fixture.store, backends: fixture.backends).run(.all)
    #expect(revisions(weak, document) == [1])
    #expect(try await fixture.store.holdings("docs", 2, of: [document]).first?.revision == 1)
    // The embedded back end shows only complete revisions, so there the catalogue records the write as held.
    #expect(try await fixture.store.holdings("docs", 1, of: [document]).first?.revision == 2)
  }

  @Test("a document larger than a slice is written as a whole if the back end takes no slices")
  func whole() async throws {
    let weak = WeakIndex(isVerifiable: true)
    let fixture = try await swapped(weak, documents: 1)
    let document = try await fixture.submit("/large.txt", StepFixture.text(1200)).document
    for _ in 0..<2 { try await fixture.complete() }
    let chunks = weak.stored(in: Self.green).filter { $0.document == document }
    #expect(chunks.count > 256 && chunks.map(\.ordinal) == Array(0..<chunks.count))
    #expect(try await fixture.proof(2).isProved)
  }
}
