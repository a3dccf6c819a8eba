import IngestCore
import IngestIndex
import IngestTestKit
import Synchronization

/// A catalogue in memory: one live generation in a back end, and the revisions that it holds.
final class HeldCatalogue: GenerationResolver, HeldRevisions {
  private let state = Mutex<[DocumentID: HeldRevision]>([:])
  private let backend: String

  init(backend: String = "weak") { self.backend = backend }

  func hold(_ number: Int, _ revision: Int, isDeleted: Bool = false) {
    state.withLock {
      $0[IndexFixture.document(number)] = HeldRevision(revision: revision, isDeleted: isDeleted)
    }
  }

  /// Returns the held revision of a document; nil after a delete.
  func revision(_ number: Int) -> Int? {
    state.withLock { held in
      held[IndexFixture.document(number)].flatMap { $0.isDeleted ? nil : $0.revision }
    }
  }

  func held(_ documents: [DocumentID], index: String, generation: Int) async throws -> [DocumentID: HeldRevision] {
    state.withLock { held in
      Dictionary(documents.compactMap { document in held[document].map { (document, $0) } }) { first, _ in first }
    }
  }

  func liveGeneration(of index: String) async throws -> Generation { make(1, of: index) }
  func generation(_ number: Int, of index: String) async throws -> Generation { make(number, of: index) }

  private func make(_ number: Int, of index: String) -> Generation {
    let embedder = EmbedderSpec(name: "test", provider: "test", model: "m", dimensions: IndexFixture.dimensions)
    return Generation(
      index: index, number: number, state: .live,
      spec: GenerationSpec(parser: "p", chunker: ChunkerSettings(), embedder: embedder, backend: backend),
      createdAt: Timestamp(rawValue: 0))
  }
}

/// A weak back end, its catalogue, and a searcher over both.
struct WeakSite: Sendable {
  let index: WeakIndex
  let catalogue = HeldCatalogue()
  static let name = GenerationName(index: "docs", number: 1)

  init(readsSnapshots: Bool = false) async throws {
    index = WeakIndex(readsSnapshots: readsSnapshots)
    try await index.create(Self.name, dimensions: IndexFixture.dimensions)
  }

  var searcher: Searcher {
    Searcher(
      resolver: catalogue, backends: BackendRegistry([index]), held: catalogue, clock: SearcherTests.StoppedClock()
    ) { SearcherTests.FixtureEmbedder(spec: $0) }
  }

  func write(_ number: Int, _ revision: Int, _ texts: [String]) async throws {
    _ = try await index.write(IndexFixture.write(number, revision: revision, texts), into: Self.name)
  }

  func sweep(_ number: Int, below revision: Int) async throws {
    try await index.sweep(IndexFixture.document(number), below: revision, in: Self.name)
  }

  /// Updates a document as a job does: writes the new revision, records it as held, removes the lower ones.
  func update(_ number: Int, _ revision: Int, _ texts: [String]) async throws {
    try await write(number, revision, texts)
    catalogue.hold(number, revision)
    try await sweep(number, below: revision)
  }

  func search(_ text: String, k: Int = 10, mode: SearchMode = .vector) async throws -> SearchAnswer {
    try await searcher.search(
      SearchRequest(text: text, vector: IndexFixture.vector(text), k: k, mode: mode), index: "docs")
  }

  /// Runs `body` once, between the two parts of the next search.
  func duringNextSearch(_ body: @escaping @Sendable () async throws -> Void) {
    let isDone = Mutex(false)
    index.onMoment { moment in
      guard moment == .reading,
        isDone.withLock({ done in
          defer { done = true }; return !done
        })
      else { return }
      try await body()
    }
  }
}
