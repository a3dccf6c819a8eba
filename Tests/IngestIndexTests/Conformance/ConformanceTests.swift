import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestTestKit
import Testing

/// Tests for every back end, and for those that state a capability or have a role.
@Suite("Conformance of back ends", .timeLimit(.minutes(15)))
struct ConformanceTests {
  private typealias Site = BackendSite

  private func chunk(_ number: Int, _ revision: Int, _ ordinal: Int = 0) -> ChunkID {
    ChunkID(document: IndexFixture.document(number), revision: revision, ordinal: ordinal)
  }

  @Test(
    "a generation is created once, with a fixed number of dimensions, and can be deleted",
    arguments: BackendKind.allCases)
  func generations(kind: BackendKind) async throws {
    let site = try await kind.site()
    try await site.write(1, 1, ["text"])
    try await site.backend.create(Site.name, dimensions: IndexFixture.dimensions)
    #expect(try await site.everything() == [chunk(1, 1)])
    await #expect(throws: IndexError.dimensionsDiffer(Site.name, held: IndexFixture.dimensions, wanted: 7)) {
      try await site.backend.create(Site.name, dimensions: 7)
    }
    try await site.backend.delete(Site.name)
    try await site.backend.delete(Site.name)
    await #expect(throws: IndexError.generationMissing(Site.name)) { try await site.nearest("text") }
    await #expect(throws: IndexError.generationMissing(Site.name)) { try await site.write(1, 1, ["text"]) }
    await #expect(throws: IndexError.generationMissing(Site.name)) { try await site.backend.counts(in: Site.name) }
  }

  @Test("generations are kept apart", arguments: BackendKind.allCases)
  func apart(kind: BackendKind) async throws {
    let site = try await kind.site()
    let other = GenerationName(index: "Docs", number: 1)
    try await site.backend.create(other, dimensions: IndexFixture.dimensions)
    try await site.write(1, 1, ["here"])
    _ = try await site.backend.write(IndexFixture.write(2, revision: 1, ["there"]), into: other)
    #expect(try await site.everything() == [chunk(1, 1)])
    try await site.backend.delete(other)
    #expect(try await site.everything() == [chunk(1, 1)])
  }

  @Test("the nearest vectors come first, with everything that a reader needs", arguments: BackendKind.allCases)
  func nearest(kind: BackendKind) async throws {
    let site = try await kind.site()
    try await site.write(1, 1, ["one", "two", "three"], meta: ["team": "ops"])
    let found = try await site.nearest("two", 2)
    #expect(found.lists.nearest.count == 2 && found.lists.keyword.isEmpty)
    let best = try #require(found.lists.nearest.first)
    #expect(best.chunk == chunk(1, 1, 1) && abs(best.score - 1) < 1e-4)
    #expect(found.lists.nearest[1].score < best.score)
    let content = try #require(found.contents[best.chunk])
    #expect((content.uri, content.source, content.page) == ("/tmp/1.pdf", "handbook", 2))
    #expect(content.heading == ["Part", "Section 1"] && content.text == "two" && content.meta == ["team": "ops"])
    #expect((content.start, content.end) == (10, 13))
  }

  @Test("equal scores are ordered by chunk id", arguments: BackendKind.allCases)
  func ties(kind: BackendKind) async throws {
    let site = try await kind.site()
    for number in [3, 1, 2] { try await site.write(number, 1, ["same", "same"]) }
    let found = try await site.nearest("same").lists.nearest.map(\.chunk)
    #expect(found == found.sorted() && found.count == 6)
  }

  @Test("results are filtered by source and metadata", arguments: BackendKind.allCases)
  func filters(kind: BackendKind) async throws {
    let site = try await kind.site()
    for number in 0..<12 {
      _ = try await site.backend.write(
        IndexFixture.write(
          number, revision: 1, ["text \(number)"], source: number % 2 == 0 ? "even" : "odd",
          meta: ["mod": "\(number % 3)"]), into: Site.name)
    }
    let odd = try await site.nearest("text", source: "odd", where: ["mod": "0"])
    #expect(Set(odd.lists.nearest.map(\.chunk.document)) == [IndexFixture.document(3), IndexFixture.document(9)])
    #expect(try await site.nearest("text", where: ["mod": "9"]).lists.nearest.isEmpty)
  }

  @Test("a revision that is written twice is stored once", arguments: BackendKind.allCases)
  func repeated(kind: BackendKind) async throws {
    let site = try await kind.site()
    for _ in 0..<2 { #expect(try await site.write(1, 1, ["a", "b"]) == .applied) }
    #expect(try await site.everything() == [chunk(1, 1), chunk(1, 1, 1)])
    for _ in 0..<2 {
      #expect(
        try await site.backend.remove(IndexFixture.document(1), revision: 2, from: Site.name) == .applied)
    }
    #expect(try await site.everything().isEmpty)
  }

  @Test("after the sweep that follows a write, the document has only the new revision", arguments: BackendKind.allCases)
  func update(kind: BackendKind) async throws {
    let site = try await kind.site()
    try await site.update(1, 1, ["a", "b", "c"])
    try await site.update(2, 1, ["other"])
    try await site.update(1, 2, ["d"])
    #expect(try await site.everything() == [chunk(1, 2), chunk(2, 1)])
    // A repeated sweep, and a sweep of an unknown document.
    try await site.backend.sweep(IndexFixture.document(1), below: 2, in: Site.name)
    try await site.backend.sweep(IndexFixture.document(9), below: 5, in: Site.name)
    #expect(try await site.everything().count == 2)
  }

  @Test("while a document is written, readers never see less than a complete revision", arguments: BackendKind.allCases)
  func beside(kind: BackendKind) async throws {
    let site = try await kind.site()
    try await site.update(1, 1, ["a", "b"])
    try await site.write(1, 2, ["c", "d", "e"])
    let found = try await site.everything()
    if site.capabilities.contains(.atomicShow) {
      #expect(found == (0..<3).map { chunk(1, 2, $0) })
    } else {
      #expect(found == (0..<2).map { chunk(1, 1, $0) } + (0..<3).map { chunk(1, 2, $0) })
    }
  }

  @Test(
    "a lower revision is refused if the back end promises that, and otherwise stored beside the higher one",
    arguments: BackendKind.allCases)
  func lower(kind: BackendKind) async throws {
    let site = try await kind.site()
    try await site.update(1, 5, ["new"])
    let late = try await site.write(1, 4, ["old"])
    if site.capabilities.contains(.refusesLower) {
      #expect(late == .stale(held: 5))
      #expect(try await site.everything() == [chunk(1, 5)])
      #expect(
        try await site.backend.remove(IndexFixture.document(1), revision: 4, from: Site.name) == .stale(held: 5))
    } else {
      #expect(late == .applied)
      #expect(try await site.everything() == [chunk(1, 4), chunk(1, 5)])
      try await site.backend.sweep(IndexFixture.document(1), below: 5, in: Site.name)
    }
    #expect(try await site.everything() == [chunk(1, 5)])
  }

  @Test(
    "one call returns keyword matches and vectors if the back end can, and otherwise vectors alone",
    arguments: BackendKind.allCases)
  func keywords(kind: BackendKind) async throws {
    let site = try await kind.site()
    try await site.write(1, 1, ["heron", "pelican"])
    let found = try await site.backend.candidates(
      CandidateRequest(text: "pelican", vector: IndexFixture.vector("heron"), nearest: 1, keyword: 5), in: Site.name)
    #expect(found.lists.nearest.map(\.chunk) == [chunk(1, 1)])
    let keyword = site.capabilities.contains(.keywordSearch) ? [chunk(1, 1, 1)] : []
    #expect(found.lists.keyword.map(\.chunk) == keyword)
    #expect(found.contents.keys.sorted() == ([chunk(1, 1)] + keyword).sorted())
  }

  @Test("counts are exact if the back end promises that, and otherwise approximate", arguments: BackendKind.allCases)
  func counts(kind: BackendKind) async throws {
    let site = try await kind.site()
    for number in 0..<7 { try await site.write(number, 1, ["a", "b"]) }
    let counts = try await site.backend.counts(in: Site.name)
    if site.capabilities.contains(.exactCounts) {
      #expect(counts == IndexCounts(documents: 7, chunks: 14, tombstones: 0))
    } else {
      #expect((7..<28).contains(counts.documents) && (14..<56).contains(counts.chunks))
    }
  }

  @Test(
    "vectors and queries that cannot be compared are refused, and nothing is written", arguments: BackendKind.allCases)
  func badVectors(kind: BackendKind) async throws {
    let site = try await kind.site()
    for bad in [[Float](repeating: 1, count: 19), [Float](repeating: .nan, count: 20), []] {
      var write = IndexFixture.write(1, revision: 1, ["a", "b"])
      write.chunks[1].vector = bad
      await #expect(throws: IndexError.self) { _ = try await site.backend.write(write, into: Site.name) }
    }
    await #expect(throws: IndexError.self) {
      try await site.backend.candidates(
        CandidateRequest(text: "a", vector: [1], nearest: 1, keyword: 0), in: Site.name)
    }
    #expect(try await site.everything().isEmpty)
  }

  @Test("a back end that can list returns exactly what it holds, by document", arguments: BackendKind.allCases)
  func lists(kind: BackendKind) async throws {
    let site = try await kind.site()
    for number in 1...5 { try await site.update(number, number, ["a", "b"]) }
    guard let verifiable = site.backend.verifiable else {
      #expect(throws: IndexError.unsupported(backend: site.backend.name, what: "list what it holds")) {
        try site.backend.requireVerifiable()
      }
      return
    }
    var found: [DocumentInventory] = []
    while true {
      let page = try await verifiable.inventory(after: found.last?.document, limit: 2, in: Site.name)
      if page.isEmpty { break }
      found += page
    }
    #expect(found.map(\.document) == (1...5).map(IndexFixture.document))
    #expect(found.map { $0.parts.map(\.revision) } == (1...5).map { [$0] })
    #expect(found.allSatisfy { $0.parts[0].chunks == [0, 1] && $0.visible == $0.revision })
    #expect(try await verifiable.inventory(of: IndexFixture.document(9), in: Site.name) == nil)
    #expect(try await verifiable.revisions(of: IndexFixture.document(2), in: Site.name)?.stored == [2: 2])
    let chunks = try #require(try await verifiable.chunks(of: IndexFixture.document(2), in: Site.name))
    #expect(chunks.revision == 2 && chunks.chunks.map(\.text) == ["a", "b"])
    try await verifiable.purge(IndexFixture.document(2), revisions: 2...2, in: Site.name)
    #expect(try await site.everything().count == 8)
    // A document that a repair removed can be written again.
    #expect(try await site.write(2, 2, ["a", "b"]) == .applied)
    #expect(try await site.everything().count == 10)
  }

  @Test(
    "staged chunks become visible only when they are published, if the back end takes slices",
    arguments: BackendKind.allCases)
  func stages(kind: BackendKind) async throws {
    let site = try await kind.site()
    guard let staging = site.backend.staging else { return }
    let whole = IndexFixture.write(1, revision: 2, (0..<6).map { "part \($0)" })
    try await site.update(1, 1, ["old"])
    _ = try await staging.stage(DocumentWrite(header: whole.header, chunks: Array(whole.chunks[..<4])), into: Site.name)
    #expect(try await site.everything() == [chunk(1, 1)])
    #expect(try await staging.staged(whole.header.document, revision: 2, in: Site.name) == 4)
    await #expect(throws: IndexError.incomplete(whole.header.document, staged: 4, expected: 6)) {
      try await staging.publish(whole.header, chunks: 6, into: Site.name)
    }
    _ = try await staging.stage(DocumentWrite(header: whole.header, chunks: Array(whole.chunks[4...])), into: Site.name)
    #expect(try await staging.publish(whole.header, chunks: 6, into: Site.name) == .applied)
    #expect(try await site.everything() == (0..<6).map { chunk(1, 2, $0) })
  }
}
