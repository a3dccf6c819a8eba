import IngestCore
import IngestIndex
import IngestIndexSQLite
import Synchronization
import Testing

@Suite("A query resolves its generation once")
struct SearcherTests {
  /// A catalogue of generations, of which the last is live.
  final class Catalogue: GenerationResolver, HeldRevisions {
    private let state = Mutex<(live: [Int], asked: Int)>(([], 0))
    let dimensions: Int

    /// - Parameter live: the answers to each question in turn; the last one stays.
    init(live: [Int], dimensions: Int = IndexFixture.dimensions) {
      self.dimensions = dimensions
      state.withLock { $0.live = live }
    }

    func held(_ documents: [DocumentID], index: String, generation: Int) async throws -> [DocumentID: HeldRevision] {
      [:]
    }

    var asked: Int { state.withLock(\.asked) }

    func liveGeneration(of index: String) async throws -> Generation {
      let number = state.withLock { state in
        state.asked += 1
        return state.live.count > 1 ? state.live.removeFirst() : state.live[0]
      }
      return make(number, of: index)
    }

    func generation(_ number: Int, of index: String) async throws -> Generation { make(number, of: index) }

    private func make(_ number: Int, of index: String) -> Generation {
      let embedder = EmbedderSpec(
        name: "test", provider: "test", model: "m", dimensions: dimensions, documentPrefix: "d: ", queryPrefix: "q: ")
      let spec = GenerationSpec(parser: "p", chunker: ChunkerSettings(), embedder: embedder)
      return Generation(index: index, number: number, state: .live, spec: spec, createdAt: Timestamp(rawValue: 0))
    }
  }

  /// An embedder with the fixture's vectors, for texts that have the query prefix.
  struct FixtureEmbedder: Embedder {
    let spec: EmbedderSpec
    var isFree: Bool { true }
    func embed(_ texts: [String]) async throws -> [[Float]] {
      texts.map { IndexFixture.vector($0.hasPrefix("q: ") ? String($0.dropFirst(3)) : "wrong") }
    }
  }

  struct StoppedClock: TimeSource {
    var now: Timestamp { Timestamp(rawValue: 0) }
    var uptime: Int64 { 0 }
    var bootID: String { "boot" }
    func sleep(for duration: Duration) async throws {}
  }

  private func searcher(_ fixture: IndexFixture, _ catalogue: Catalogue) -> Searcher {
    Searcher(resolver: catalogue, backends: BackendRegistry([fixture.index]), held: catalogue, clock: StoppedClock()) {
      FixtureEmbedder(spec: $0)
    }
  }

  @Test("the query is embedded with its prefix by the generation's own embedder")
  func prefix() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["near", "far"]), into: fixture.name)
    let answer = try await searcher(fixture, Catalogue(live: [3]))
      .search(SearchRequest(text: "near", k: 1, mode: .vector), index: "docs")
    #expect(answer.generation == 3 && answer.index == "docs")
    #expect(answer.hits.map(\.content.text) == ["near"])
    #expect(answer.hits[0].score > 0.999)
  }

  @Test("if the generation was swapped and deleted in between, the search resolves again")
  func resolvedAgain() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["text"]), into: fixture.name)
    let catalogue = Catalogue(live: [1, 2, 3])
    let answer = try await searcher(fixture, catalogue).search(SearchRequest(text: "text"), index: "docs")
    #expect(answer.generation == 3 && answer.hits.count == 1 && catalogue.asked == 3)
  }

  @Test("a live generation without its files is an error, not an endless loop")
  func lost() async throws {
    let fixture = try await IndexFixture()
    let searcher = searcher(fixture, Catalogue(live: [7]))
    for number in [nil, 8] {
      await #expect(throws: IndexError.generationMissing(GenerationName(index: "docs", number: number ?? 7))) {
        _ = try await searcher.search(SearchRequest(text: "text"), index: "docs", generation: number)
      }
    }
  }

  @Test("queries succeed while generations are swapped and collected")
  func swaps() async throws {
    let fixture = try await IndexFixture()
    let catalogue = SwappingCatalogue(fixture: fixture)
    let searcher = Searcher(
      resolver: catalogue, backends: BackendRegistry([fixture.index]), held: catalogue, clock: StoppedClock()
    ) {
      FixtureEmbedder(spec: $0)
    }
    try await catalogue.swap(to: 3)
    try await withThrowingTaskGroup(of: Void.self) { group in
      let done = Flag()
      group.addTask {
        for number in 4...25 {
          try await catalogue.swap(to: number)
          try await fixture.index.delete(GenerationName(index: "docs", number: number - 1))
        }
        done.set()
      }
      for _ in 0..<3 {
        group.addTask {
          while !done.isSet {
            let answer = try await searcher.search(SearchRequest(text: "generation", k: 50), index: "docs")
            #expect(answer.hits.count == 5)
            #expect(answer.hits.allSatisfy { $0.content.text.hasPrefix("generation number\(answer.generation) ") })
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// A catalogue that creates a generation, fills it and then makes it live.
  final class SwappingCatalogue: GenerationResolver, HeldRevisions {
    private let fixture: IndexFixture
    private let live = Mutex(0)

    init(fixture: IndexFixture) { self.fixture = fixture }

    func swap(to number: Int) async throws {
      let name = GenerationName(index: "docs", number: number)
      try await fixture.index.create(name, dimensions: IndexFixture.dimensions)
      let texts = (0..<5).map { "generation number\(number) \($0)" }
      _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, texts), into: name)
      live.withLock { $0 = number }
    }

    func held(_ documents: [DocumentID], index: String, generation: Int) async throws -> [DocumentID: HeldRevision] {
      [:]
    }

    func liveGeneration(of index: String) async throws -> Generation {
      try await Catalogue(live: [live.withLock { $0 }]).liveGeneration(of: index)
    }

    func generation(_ number: Int, of index: String) async throws -> Generation {
      try await Catalogue(live: [number]).liveGeneration(of: index)
    }
  }
}
