import IngestCore
import IngestIndex
import IngestIndexSQLite
import Testing

@Suite("Order of revisions")
struct RevisionTests {
  @Test("after A, B and A again, each submit replaces the one before")
  func submitsInOrder() async throws {
    let fixture = try await IndexFixture()
    for (revision, text) in [(1, "alpha"), (2, "beta"), (3, "alpha")] {
      #expect(
        try await fixture.index.write(IndexFixture.write(1, revision: revision, [text]), into: fixture.name) == .applied
      )
      #expect(try await fixture.texts("alpha beta") == [text])
      #expect(try await fixture.everything().map(\.revision) == [revision])
    }
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 3, chunks: 1)]).isProved)
  }

  @Test("a late write is refused and changes nothing, as a whole or in slices")
  func lateWrite() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 5, ["new"]), into: fixture.name)
    let late = IndexFixture.write(1, revision: 4, ["old", "older"])
    #expect(try await fixture.index.write(late, into: fixture.name) == .stale(held: 5))
    #expect(try await fixture.index.stage(late, into: fixture.name) == .stale(held: 5))
    #expect(try await fixture.index.publish(late.header, chunks: 2, into: fixture.name) == .stale(held: 5))
    #expect(
      try await fixture.index.remove(IndexFixture.document(1), revision: 4, from: fixture.name) == .stale(held: 5))
    #expect(try await fixture.texts("old new") == ["new"])
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 5, chunks: 1)]).isProved)
  }

  @Test("a write after a later delete is refused, and a later write brings the document back")
  func deleteThenLateWrite() async throws {
    let fixture = try await IndexFixture()
    let document = IndexFixture.document(1)
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["one"]), into: fixture.name)
    #expect(try await fixture.index.remove(document, revision: 3, from: fixture.name) == .applied)
    #expect(try await fixture.everything().isEmpty)
    #expect(
      try await fixture.index.write(IndexFixture.write(1, revision: 2, ["two"]), into: fixture.name) == .stale(held: 3))
    #expect(
      try await fixture.index.write(IndexFixture.write(1, revision: 3, ["two"]), into: fixture.name) == .applied)
    #expect(try await fixture.everything().isEmpty)
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 3, chunks: 0, deleted: true)]).isProved)
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 4, ["four"]), into: fixture.name)
    #expect(try await fixture.texts("one two four") == ["four"])
  }

  @Test("a discard removes all staged chunks and no visible ones, and a new write starts from the beginning")
  func discard() async throws {
    let fixture = try await IndexFixture()
    let document = IndexFixture.document(1)
    let texts = (0..<150).map { "part \($0)" }
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["one"]), into: fixture.name)
    _ = try await fixture.index.stage(IndexFixture.write(1, revision: 2, texts), into: fixture.name)
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 1, chunks: 1)]).isProved == false)
    try await fixture.index.discard(document, revision: 2, in: fixture.name)
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 1, chunks: 1)]).isProved)
    #expect(try await fixture.index.staged(document, revision: 2, in: fixture.name) == 0)
    // A revision that a repair removed can be staged again.
    try await fixture.index.purge(document, revisions: 1...1, in: fixture.name)
    _ = try await fixture.index.stage(IndexFixture.write(1, revision: 1, texts), into: fixture.name)
    try await fixture.index.discard(document, revision: 1, in: fixture.name)
    #expect(try await fixture.index.staged(document, revision: 1, in: fixture.name) == 0)
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["one"]), into: fixture.name)
    for revision in 1...3 { try await fixture.index.discard(document, revision: revision, in: fixture.name) }
    #expect(try await fixture.texts("one") == ["one"])
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 2, texts), into: fixture.name)
    try await fixture.index.discard(document, revision: 2, in: fixture.name)
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 2, chunks: 150)]).isProved)
  }

  @Test("a back end reports which revisions of a document are stored, visible, staged or swept, without reading chunks")
  func revisions() async throws {
    let fixture = try await IndexFixture()
    let document = IndexFixture.document(1)
    let texts = (0..<150).map { "part \($0)" }
    func found() async throws -> DocumentRevisions? {
      try await fixture.index.revisions(of: document, in: fixture.name)
    }
    #expect(try await found() == nil)
    _ = try await fixture.index.stage(IndexFixture.write(1, revision: 1, texts), into: fixture.name)
    let staged = try #require(try await found())
    #expect(staged.shown == nil && staged.isStaged(1) && staged.sweepable.isEmpty)
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, texts), into: fixture.name)
    let shown = try #require(try await found())
    #expect(shown.shown == ShownRevision(revision: 1, isDeleted: false, chunks: 150) && !shown.isStaged(1))
    _ = try await fixture.index.stage(IndexFixture.write(1, revision: 2, texts), into: fixture.name)
    let both = try #require(try await found())
    #expect(both.shown?.revision == 1 && both.isStaged(2) && both.stored == [1: 150, 2: 150])
    _ = try await fixture.index.remove(document, revision: 3, from: fixture.name)
    #expect(try await found()?.shown == ShownRevision(revision: 3, isDeleted: true, chunks: 0))
    try await fixture.index.purge(document, revisions: 0...3, in: fixture.name)
    #expect(try await found()?.stored == [:])
  }

  @Test("a revision that lost chunks does not count as complete, nor one with lower revisions beside it as swept")
  func unsound() {
    var found = DocumentRevisions(applied: 2, isDeleted: false, visible: 2, chunks: 10, stored: [2: 9, 1: 3])
    #expect(found.shown == nil && found.sweepable == [1])
    found.stored[2] = 10
    #expect(found.shown?.chunks == 10)
    found.isDeleted = true
    #expect(found.sweepable.sorted() == [1, 2])
  }

  @Test("a delete before any write leaves a tombstone")
  func deleteFirst() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.remove(IndexFixture.document(9), revision: 2, from: fixture.name)
    #expect(
      try await fixture.index.write(IndexFixture.write(9, revision: 1, ["late"]), into: fixture.name) == .stale(held: 2)
    )
    #expect(try await fixture.index.counts(in: fixture.name) == IndexCounts(documents: 0, chunks: 0, tombstones: 1))
  }

  @Test("a pruned tombstone is removed, unless a newer revision came")
  func pruning() async throws {
    let fixture = try await IndexFixture()
    for number in 1...3 {
      _ = try await fixture.index.remove(IndexFixture.document(number), revision: number, from: fixture.name)
    }
    let known = try await fixture.index.tombstones(after: nil, limit: 10, in: fixture.name)
    #expect(known.map(\.revision) == [1, 2, 3])
    _ = try await fixture.index.remove(IndexFixture.document(2), revision: 7, from: fixture.name)
    _ = try await fixture.index.write(IndexFixture.write(3, revision: 4, ["back"]), into: fixture.name)
    try await fixture.index.pruneTombstones(known, in: fixture.name)
    #expect(
      try await fixture.index.tombstones(after: nil, limit: 10, in: fixture.name)
        == [DocumentRevision(document: IndexFixture.document(2), revision: 7)])
    #expect(try await fixture.texts("back") == ["back"])
  }

  @Test("every order of writes and deletes ends with the highest revision", arguments: 0..<40)
  func everyOrder(seed: Int) async throws {
    let fixture = try await IndexFixture()
    var random = SplitMix(seed: UInt64(seed))
    // Even revisions are deletes, large ones go in slices, and each may come twice.
    let revisions = (Array(1...6) + [2, 5, 6]).shuffled(using: &random).dropLast(Int(random.next() % 3))
    var highest = 0
    for revision in revisions {
      let result: WriteResult
      if revision.isMultiple(of: 2) {
        result = try await fixture.index.remove(IndexFixture.document(1), revision: revision, from: fixture.name)
      } else {
        let texts = (0..<(revision == 5 ? 150 : revision)).map { "word\(revision) number\($0)" }
        result = try await fixture.index.write(IndexFixture.write(1, revision: revision, texts), into: fixture.name)
      }
      #expect(result == (revision >= highest ? .applied : .stale(held: highest)))
      highest = max(highest, revision)
      let chunks = highest.isMultiple(of: 2) ? 0 : highest == 5 ? 150 : highest
      let expected = IndexFixture.expected(
        1, revision: highest, chunks: chunks, deleted: highest.isMultiple(of: 2))
      #expect(try await fixture.findings([expected]).findings == [])
    }
  }

  @Test("an empty document is held without chunks")
  func emptyDocument() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["text"]), into: fixture.name)
    #expect(try await fixture.index.write(IndexFixture.write(1, revision: 2, []), into: fixture.name) == .applied)
    #expect(try await fixture.everything().isEmpty)
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 2, chunks: 0)]).isProved)
  }
}
