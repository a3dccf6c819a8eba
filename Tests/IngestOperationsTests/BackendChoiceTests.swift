import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

private struct UTCOnly: TimeZoneSource {
  func rules(of zone: String) throws -> TimeZoneRules { .utc }
}

@Suite("Operations use the back end of each generation")
struct BackendChoiceTests {
  private struct Site {
    let it: StoreFixture
    let folder: TemporaryFolder
    let files: SQLiteIndex
    let weak: WeakIndex
    let operations: Operations

    init(isVerifiable: Bool = false) async throws {
      it = try await StoreFixture()
      folder = try TemporaryFolder("choice")
      files = SQLiteIndex(folder: folder.path)
      weak = WeakIndex(isVerifiable: isVerifiable)
      operations = Operations(
        OperationParts(
          submits: it.store, enqueues: it.store, jobs: it.store, signals: it.store, documents: it.store,
          generations: it.store,
          limits: it.store, breakers: it.store, schedules: it.store, backends: BackendRegistry([files, weak]),
          zones: UTCOnly(), clock: it.clock),
        actor: Actor(.program, "test"))
      try await files.create(GenerationName(index: "docs", number: 1), dimensions: 384)
    }

    func spec(_ backend: String) -> GenerationSpec {
      var spec = StoreFixture.spec
      spec.backend = backend
      return spec
    }
  }

  @Test("an index is created in the back end that its spec names, and in no other")
  func create() async throws {
    let site = try await Site()
    let made = try await site.operations.createIndex("wiki", spec: site.spec("weak"))
    #expect(made.isNew && made.generation.state == .live)
    let name = GenerationName(made.generation)
    #expect(try await site.weak.counts(in: name).chunks == 0)
    await #expect(throws: IndexError.generationMissing(name)) { try await site.files.counts(in: name) }
  }

  @Test("an unknown back end is refused before anything is written")
  func unknown() async throws {
    let site = try await Site()
    for make in [
      { _ = try await site.operations.createIndex("wiki", spec: site.spec("cloud")) },
      {
        _ = try await site.operations.build(
          "docs", spec: site.spec("cloud"), workflow: StoreFixture.workflow("reindex"), force: false)
      },
    ] as [() async throws -> Void] {
      let error = await #expect(throws: IndexError.self) { try await make() }
      #expect(error?.failure.code == "UNKNOWN_BACKEND")
      #expect(error?.failure.hint == "This program has: sqlite, weak.")
    }
    #expect(try await site.it.store.indexNames() == ["docs"])
    #expect(try await site.it.store.list("docs").count == 1)
  }

  @Test("a green generation is built and collected in another back end than the live one")
  func build() async throws {
    let site = try await Site()
    let built = try await site.operations.build(
      "docs", spec: site.spec("weak"), workflow: StoreFixture.workflow("reindex"), force: false)
    let name = GenerationName(built.generation)
    _ = try await site.weak.write(
      DocumentWrite(
        header: DocumentHeader(document: DocumentID(rawValue: "d"), revision: 1, source: "s", uri: "u"),
        chunks: [EmbeddedChunk(chunk: Chunk.words, vector: nil)]), into: name)
    #expect(try await site.operations.collectGenerations("docs", number: name.number) == [name.number])
    #expect(site.weak.stored(in: name).isEmpty)
    await #expect(throws: IndexError.generationMissing(name)) { try await site.weak.counts(in: name) }
    #expect(try await site.files.counts(in: GenerationName(index: "docs", number: 1)).chunks == 0)
  }

  @Test("verifying a back end that cannot list its documents is refused with the reason", arguments: [false, true])
  func verify(isVerifiable: Bool) async throws {
    let site = try await Site(isVerifiable: isVerifiable)
    _ = try await site.operations.createIndex("wiki", spec: site.spec("weak"))
    if isVerifiable {
      let report = try await site.operations.verify("wiki", generation: 1, repair: true)
      #expect(report.verification.isProved)
    } else {
      let error = await #expect(throws: IndexError.self) {
        try await site.operations.verify("wiki", generation: 1, repair: true)
      }
      #expect(error?.failure.code == "BACKEND_UNSUPPORTED" && error?.failure.hint.isEmpty == false)
    }
  }
}

extension Chunk {
  fileprivate static let words = Chunk(
    ordinal: 0, start: 0, end: 5, page: nil, heading: [], tokens: 1, text: "words")
}
