import IngestCore
import IngestIndex
import IngestIndexSQLite
import Testing

@Suite("Large documents in slices")
struct LargeDocumentTests {
  static let texts = (0..<700).map { "page\($0) common" }

  @Test("after a crash in the middle, writing continues where it stopped, and nothing is visible before the end")
  func resume() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["common ground"]), into: fixture.name)
    let write = IndexFixture.write(1, revision: 2, Self.texts)
    let begun = DocumentWrite(header: write.header, chunks: Array(write.chunks.prefix(300)))
    #expect(try await fixture.index.stage(begun, into: fixture.name) == .applied)
    #expect(try await fixture.index.staged(write.header.document, revision: 2, in: fixture.name) == 300)
    #expect(try await fixture.texts("common") == ["common ground"])
    #expect(try await fixture.everything().map(\.revision) == [1])
    await fixture.index.close()

    // A new process.
    let next = fixture.other()
    #expect(try await next.staged(write.header.document, revision: 2, in: fixture.name) == 300)
    await #expect(throws: IndexError.incomplete(write.header.document, staged: 300, expected: 700)) {
      _ = try await next.publish(write.header, chunks: 700, into: fixture.name)
    }
    #expect(try await next.write(write, into: fixture.name) == .applied)
    let all = try await fixture.everything(next)
    #expect(all == (0..<700).map { ChunkID(document: write.header.document, revision: 2, ordinal: $0) })
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 2, chunks: 700)]).isProved)
    await next.close()
  }

  @Test("overlapping slices are stored once, and a slice that leaves a gap is refused")
  func overlapAndGap() async throws {
    let fixture = try await IndexFixture()
    let write = IndexFixture.write(1, revision: 1, Self.texts)
    func slice(_ range: Range<Int>) -> DocumentWrite {
      DocumentWrite(header: write.header, chunks: Array(write.chunks[range]))
    }
    _ = try await fixture.index.stage(slice(0..<200), into: fixture.name)
    _ = try await fixture.index.stage(slice(100..<333), into: fixture.name)
    await #expect(throws: IndexError.gap(write.header.document, expected: 333, found: 400)) {
      _ = try await fixture.index.stage(slice(400..<500), into: fixture.name)
    }
    _ = try await fixture.index.stage(slice(0..<700), into: fixture.name)
    #expect(try await fixture.index.publish(write.header, chunks: 700, into: fixture.name) == .applied)
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 1, chunks: 700)]).isProved)
  }

  @Test("chunks staged by an abandoned attempt are removed when a later revision comes")
  func abandoned() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.stage(IndexFixture.write(1, revision: 1, Self.texts), into: fixture.name)
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 2, ["short"]), into: fixture.name)
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 2, chunks: 1)]).isProved)
    #expect(try await fixture.texts("common").isEmpty)
  }

  @Test("a document never vanishes and never shows two revisions while it is replaced")
  func neverVanishes() async throws {
    let fixture = try await IndexFixture()
    func texts(_ revision: Int) -> [String] {
      // Small and large revisions in turn, so that both ways of writing are tested.
      (0..<(revision.isMultiple(of: 3) ? 200 : 4)).map { "constant revision\(revision) part\($0)" }
    }
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, texts(1)), into: fixture.name)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        for revision in 2...30 {
          _ = try await fixture.index.write(
            IndexFixture.write(1, revision: revision, texts(revision)), into: fixture.name)
        }
        return true
      }
      let reader = fixture.other()
      for mode in SearchMode.allCases {
        group.addTask {
          var last = 0
          while last < 30 {
            let request = SearchRequest(text: "constant", vector: IndexFixture.vector("constant"), k: 1000, mode: mode)
            let hits = try await reader.search(request, in: fixture.name)
            let revisions = Set(hits.map(\.chunk.revision))
            #expect(revisions.count == 1)
            guard let revision = revisions.first else { return false }
            #expect(revision >= last)
            // In a hybrid search the keyword list may be shorter than the document, never longer.
            #expect(Set(hits.map(\.chunk)).count == hits.count)
            #expect(mode == .hybrid || hits.count == texts(revision).count)
            last = revision
          }
          return true
        }
      }
      for try await whole in group { #expect(whole) }
    }
    await fixture.index.close()
  }
}
