import IngestCore
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

@Suite("Operations on indexes")
struct IndexOperationsTests {
  /// Makes an index whose generation 1 is retired and whose generation 2 is live.
  private func swapped() async throws -> OperationsFixture {
    let it = try await OperationsFixture()
    _ = try await it.operations.build("docs", GenerationWishes(target: 100), force: false)
    _ = try await it.operations.swap("docs", to: 2, acceptMissing: 0)
    return it
  }

  @Test("a dry run of a collection refuses the live generation, as the collection does")
  func liveGeneration() async throws {
    let it = try await swapped()
    for dryRun in [true, false] {
      #expect(
        await code { _ = try await it.operations.collectGenerations("docs", number: 2, dryRun: dryRun) }
          == "GENERATION_LIVE")
      #expect(
        await code { _ = try await it.operations.collectGenerations("docs", number: 9, dryRun: dryRun) }
          == "GENERATION_NOT_FOUND")
      #expect(
        await code { _ = try await it.operations.collectGenerations("nope", number: nil, dryRun: dryRun) }
          == "INDEX_NOT_FOUND")
    }
  }

  @Test("a dry run of a collection lists what the collection then deletes, and deletes nothing")
  func sameTargets() async throws {
    let it = try await swapped()
    #expect(try await it.operations.collectGenerations("docs", number: nil, dryRun: true) == [1])
    #expect(try await it.store.generation("docs", 1).state == .retired)
    #expect(try await it.operations.collectGenerations("docs", number: nil) == [1])
    #expect(try await it.store.generation("docs", 1).state == .deleted)
    for dryRun in [true, false] {
      #expect(try await it.operations.collectGenerations("docs", number: nil, dryRun: dryRun) == [])
      #expect(try await it.operations.collectGenerations("docs", number: 1, dryRun: dryRun) == [])
    }
  }

  @Test("a dry run of a collection refuses a generation with running jobs, and stops none of them")
  func busyGeneration() async throws {
    let it = try await OperationsFixture()
    _ = try await it.operations.build("docs", GenerationWishes(target: 100), force: false)
    let worker = try await it.base.worker()
    _ = try #require(try await it.base.claim(worker).first)
    #expect(
      await code { _ = try await it.operations.collectGenerations("docs", number: 2, dryRun: true) }
        == "GENERATION_BUSY")
    #expect(try await it.store.cancellations(worker).isEmpty)
    #expect(try await it.store.generation("docs", 2).state == .building)
    #expect(
      await code { _ = try await it.operations.collectGenerations("docs", number: 2) } == "GENERATION_BUSY")
    #expect(try await it.store.generation("docs", 2).state == .deleted)
    #expect(try await it.store.cancellations(worker).count == 1)
  }

  @Test("chunk sizes that contradict each other are refused before a build starts")
  func impossibleChunks() async throws {
    let it = try await OperationsFixture()
    for wishes in [GenerationWishes(target: 100, maximum: 50), GenerationWishes(target: 100, overlap: 100)] {
      #expect(await code { _ = try await it.operations.build("docs", wishes, force: true) } == "CHUNKER_INVALID")
      #expect(await code { _ = try await it.operations.createIndex("other", wishes) } == "CHUNKER_INVALID")
    }
    #expect(try await it.store.indexNames() == ["docs"])
    #expect(try await it.store.list("docs").count == 1)
  }

  @Test("an index is created once, and the same settings again change nothing")
  func sameIndexAgain() async throws {
    let it = try await OperationsFixture()
    let wishes = GenerationWishes(embedder: "other", target: 100)
    #expect(try await it.operations.createIndex("more", wishes).isNew)
    for again in [wishes, GenerationWishes(), GenerationWishes(target: 100)] {
      let answer = try await it.operations.createIndex("more", again)
      #expect(!answer.isNew)
      #expect(answer.generation.spec.embedder.name == "other")
    }
    #expect(try await it.store.list("more").count == 1)
  }

  @Test("an index that exists with other settings is refused, with what differs and what to do")
  func otherSettings() async throws {
    let it = try await OperationsFixture()
    let chunker = try await it.store.live("docs").spec.chunker
    for (wishes, difference) in [
      (GenerationWishes(embedder: "other"), "the embedder hash, not other"),
      (GenerationWishes(target: 100), "a chunk target of \(chunker.target) tokens, not 100"),
      (GenerationWishes(overlap: 0), "a chunk overlap of \(chunker.overlap) tokens, not 0"),
    ] {
      let failure = await #expect(throws: Failure.self) { try await it.operations.createIndex("docs", wishes) }
      #expect(failure?.code == "INDEX_EXISTS")
      #expect(failure?.category == .refused)
      #expect(failure?.message.contains(difference) == true)
      #expect(failure?.hint.actions.first?.name == .indexBuild)
      #expect(failure?.hint.actions.first?.options.count == 1)
    }
    #expect(try await it.store.list("docs").map(\.state) == [.live])
    #expect(
      await code { _ = try await it.operations.createIndex("docs", .init(embedder: "none")) } == "EMBEDDER_UNKNOWN")
  }

  @Test("a rollback without a generation before is refused, as a swap without a candidate is")
  func nowhereToGo() async throws {
    let it = try await OperationsFixture()
    let rollback = await #expect(throws: Failure.self) { try await it.operations.rollback("docs", force: true) }
    #expect(rollback?.code == "NO_PREVIOUS")
    #expect(rollback?.category == .refused)
    let swap = await #expect(throws: Failure.self) { try await it.operations.swap("docs", to: nil, acceptMissing: 0) }
    #expect(swap?.code == "NO_CANDIDATE")
    #expect(swap?.category == .refused)
  }

  @Test("settings that are not named are those of the live generation")
  func inheritedSettings() async throws {
    let it = try await OperationsFixture()
    let first = try await it.operations.build("docs", GenerationWishes(target: 100, overlap: 10), force: false)
    _ = try await it.operations.swap("docs", to: first.generation.number, acceptMissing: 0)
    let second = try await it.operations.build("docs", GenerationWishes(target: 120), force: false)
    #expect(second.generation.spec.chunker.target == 120)
    #expect(second.generation.spec.chunker.overlap == 10)
    #expect(
      await code { _ = try await it.operations.build("docs", GenerationWishes(), force: false) } == "GENERATION_SAME")
  }

  @Test("only the index docs is created by its first use, and not by a dry run")
  func implicitIndex() async throws {
    let it = try await OperationsFixture(index: false)
    for dryRun in [true, false] {
      #expect(await code { try await it.operations.requireIndex("dox", dryRun: dryRun) } == "INDEX_NOT_FOUND")
    }
    try await it.operations.requireIndex("docs", dryRun: true)
    #expect(try await it.store.indexNames().isEmpty)
    try await it.operations.requireIndex("docs")
    #expect(try await it.store.live("docs").number == 1)
  }
}
