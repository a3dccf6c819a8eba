import IngestCore
import IngestIndex
import IngestTestKit
import Synchronization
import Testing

@Suite("Searching a back end that shows more than the catalogue holds", .timeLimit(.minutes(15)))
struct HeldSearchTests {
  @Test("hits of a revision that the catalogue does not hold are dropped, before and after an update")
  func stale() async throws {
    let site = try await WeakSite()
    try await site.update(1, 1, ["the old text"])
    try await site.write(1, 2, ["the new text"])
    #expect(try await site.search("the new text").hits.map(\.content.text) == ["the old text"])
    site.catalogue.hold(1, 2)
    #expect(try await site.search("the old text").hits.map(\.content.text) == ["the new text"])
    try await site.sweep(1, below: 2)
    #expect(try await site.search("the old text").hits.map(\.content.text) == ["the new text"])
  }

  @Test("chunks of a late worker, of a deleted document and of an unknown document are not returned")
  func unheld() async throws {
    let site = try await WeakSite()
    try await site.update(1, 2, ["held"])
    try await site.write(1, 1, ["late"])
    try await site.update(2, 1, ["deleted"])
    site.catalogue.hold(2, 2, isDeleted: true)
    try await site.write(3, 1, ["never reported"])
    for text in ["held", "late", "deleted", "never reported"] {
      #expect(try await site.search(text).hits.map(\.content.text) == ["held"])
    }
  }

  @Test("ranks and scores are the same as without the other revisions", arguments: [1, 3, 10])
  func ranks(k: Int) async throws {
    let site = try await WeakSite()
    for number in 1...5 {
      try await site.write(number, 1, ["about herons", "about herons \(number)"])
      try await site.update(number, 2, ["about herons", "about \(number) pelicans"])
      try await site.write(number, 3, ["about herons", "about herons \(number)"])
    }
    let clean = try await WeakSite()
    for number in 1...5 { try await clean.update(number, 2, ["about herons", "about \(number) pelicans"]) }
    for mode in [SearchMode.vector, .hybrid] {
      let found = try await site.search("about herons", k: k, mode: mode).hits
      #expect(found == (try await clean.search("about herons", k: k, mode: mode).hits))
      #expect(found.count == min(k, 10) && found.map(\.rank) == Array(1...found.count))
    }
  }

  @Test("a search fetches more candidates if dropped hits leave too few")
  func deeper() async throws {
    let site = try await WeakSite()
    for revision in 1...300 { try await site.write(1, revision, ["near"]) }
    site.catalogue.hold(1, 300)
    for number in 2...4 { try await site.update(number, 1, ["far \(number)"]) }
    let hits = try await site.search("near", k: 4).hits
    #expect(hits.map(\.chunk.revision) == [300, 1, 1, 1])
  }

  @Test(
    "a document that is updated during a search is found, in one revision",
    arguments: [false, true])
  func race(readsSnapshots: Bool) async throws {
    let site = try await WeakSite(readsSnapshots: readsSnapshots)
    try await site.update(1, 1, ["text one", "text two", "text three"])
    try await site.update(2, 1, ["another text"])
    site.duringNextSearch { try await site.update(1, 2, ["text four", "text five"]) }
    let hits = try await site.search("text one").hits
    #expect(Set(hits.map(\.content.text)) == ["text four", "text five", "another text"])
  }

  @Test("a search reads again if a document that was held at its start was moved meanwhile")
  func movedAway() async throws {
    let site = try await WeakSite()
    // With one chunk a revision, the second half of the read is empty once the update has swept: the search saw
    // neither.
    try await site.update(1, 1, ["only"])
    try await site.update(2, 1, ["other"])
    site.duringNextSearch { try await site.update(1, 2, ["only"]) }
    #expect(try await site.search("only").hits.map(\.chunk.revision).sorted() == [1, 2])
  }

  @Test("a search ends even if the catalogue changes at every read, with one revision of each document")
  func bounded() async throws {
    let site = try await WeakSite(readsSnapshots: true)
    try await site.update(1, 1, ["text"])
    let revision = Mutex(1)
    site.index.onMoment { moment in
      guard moment == .reading else { return }
      let next = revision.withLock {
        $0 += 1
        return $0
      }
      try await site.write(1, next, ["text"])
      site.catalogue.hold(1, next)
    }
    let hits = try await site.search("text").hits
    #expect(hits.count == 1)
    #expect(hits.first?.chunk.revision == revision.withLock { $0 })
  }

  /// Updates of documents, one part at a time, so that a search can come between any two parts.
  private final class Writer: Sendable {
    private struct State {
      var random: SplitMix
      /// By document: the next part, and its revision.
      var pieces: [Int: (piece: Int, revision: Int)] = [:]
    }

    private let site: WeakSite
    private let state: Mutex<State>
    static let documents = 6

    init(_ site: WeakSite, seed: UInt64) {
      self.site = site
      state = Mutex(State(random: SplitMix(seed: seed)))
    }

    static func texts(_ number: Int, _ revision: Int) -> [String] {
      (0..<(1 + (number + revision) % 3)).map { "document \(number) revision \(revision) part \($0)" }
    }

    func fill() async throws {
      for number in 1...Self.documents { try await site.update(number, 1, Self.texts(number, 1)) }
    }

    /// Does the next part of a random document's update.
    func step() async throws {
      let (number, piece, revision) = state.withLock { state in
        let number = 1 + Int(state.random.next() % UInt64(Self.documents))
        let (piece, revision) = state.pieces[number] ?? (piece: 0, revision: 2)
        state.pieces[number] = piece == 2 ? (piece: 0, revision: revision + 1) : (piece: piece + 1, revision: revision)
        return (number, piece, revision)
      }
      switch piece {
      case 0: try await site.write(number, revision, Self.texts(number, revision))
      case 1: site.catalogue.hold(number, revision)
      default: try await site.sweep(number, below: revision)
      }
    }

    func chance(_ percent: UInt64) -> Bool { state.withLock { $0.random.next() % 100 < percent } }
  }

  @Test(
    "at any timing of updates and searches, each held document is found, complete and in one held revision",
    arguments: [false, true])
  func everyRace(readsSnapshots: Bool) async throws {
    for seed in 0..<150 {
      let site = try await WeakSite(readsSnapshots: readsSnapshots)
      let writer = Writer(site, seed: UInt64(seed))
      try await writer.fill()
      site.index.onMoment { moment in
        guard moment == .reading else { return }
        if writer.chance(40) { try await writer.step() }
      }
      for _ in 0..<20 {
        if writer.chance(50) { try await writer.step() }
        let before = (1...Writer.documents).map { site.catalogue.revision($0) ?? 0 }
        let hits = try await site.search("document", k: 100).hits
        let after = (1...Writer.documents).map { site.catalogue.revision($0) ?? 0 }
        for number in 1...Writer.documents {
          let found = hits.filter { $0.chunk.document == IndexFixture.document(number) }
          let revisions = Set(found.map(\.chunk.revision))
          let revision = try #require(revisions.first, "seed \(seed): document \(number) is lost")
          #expect(revisions.count == 1, "seed \(seed): document \(number) is mixed")
          #expect((before[number - 1]...after[number - 1]).contains(revision), "seed \(seed): document \(number)")
          #expect(
            Set(found.map(\.content.text)) == Set(Writer.texts(number, revision)), "seed \(seed): document \(number)")
        }
      }
    }
  }

  @Test("a keyword search is refused if the back end has none, and a hybrid search reports that it used vectors alone")
  func keywords() async throws {
    let site = try await WeakSite()
    try await site.update(1, 1, ["heron"])
    let error = await #expect(throws: IndexError.self) { try await site.search("heron", mode: .keyword) }
    #expect(error?.failure.code == "KEYWORD_SEARCH_UNSUPPORTED" && error?.failure.hint.isEmpty == false)
    let answer = try await site.search("heron", mode: .hybrid)
    #expect(answer.hits.map(\.content.text) == ["heron"] && answer.note?.contains("weak") == true)
    #expect(try await site.search("heron").note == nil)
  }
}
