import IngestCore
import IngestEmbedding
import IngestIndex
import IngestIndexSQLite
import IngestSteps
import IngestStore
import IngestTestKit
import Synchronization
import Testing

@Suite("Chunks that the embedder refuses")
struct LostChunkTests {
  /// A switch that makes the embedder refuse texts.
  private final class Refusals: Sendable {
    let refuses = Mutex(true)
  }

  /// Returns an embedder that refuses every text with this word.
  private static func embedder(
    refusing word: String, refusals: Refusals = Refusals()
  ) throws -> (EmbeddingServer, EmbedderSettings) {
    var limits = EmbeddingServer.Limits()
    limits.refuses = { $0.contains(word) && refusals.refuses.withLock { $0 } }
    let server = try EmbeddingServer(limits: limits)
    return (
      server,
      EmbedderSettings(name: "test", provider: "openai", model: "m", dimensions: 8, baseURL: server.baseURL)
    )
  }

  /// Runs the next job up to its embed step with these settings. - Returns: the job and its lost chunks.
  private static func run(
    _ fixture: StepFixture, with: [String: Setting] = [:]
  ) async throws -> (job: ClaimedJob, lost: [LostChunk]) {
    let job = try await fixture.claim()
    var results = try await fixture.run(["parse", "chunk"], of: job)
    let step = try #require(fixture.services.steps.first { type(of: $0).kind == "embed" })
    let output = try await step.run(
      StepInput(job: job.lease.job, with: with, task: job.task, results: results),
      StepContext(clock: fixture.base.clock) { _ in })
    results["embed"] = output.result
    try await fixture.store.checkpoint(
      job.lease,
      Checkpoint(
        step: "embed", position: 2, output: output, startedAt: fixture.base.clock.now,
        finishedAt: fixture.base.clock.now))
    try await fixture.run(["upsert"], of: job, results: results, isLast: true)
    let lost = output.effects.flatMap { effect -> [LostChunk] in
      if case CatalogueEffect.lost(let chunks) = effect { chunks } else { [] }
    }
    return (job, lost)
  }

  @Test("one bad chunk is lost alone: the others are found, the index verifies, and the job is degraded")
  func one() async throws {
    let (server, settings) = try Self.embedder(refusing: "alpha300 ")
    let fixture = try await StepFixture(embedder: settings)
    let receipt = try await fixture.submit("/a.txt", StepFixture.text(40))
    let (job, lost) = try await Self.run(fixture)
    #expect(lost.count == 1)
    #expect(lost.first?.failure.code == "EMBEDDING_REFUSED")
    let report = try await fixture.store.job(job.lease.job)
    #expect(report.state == .completed)
    #expect(report.degraded)
    #expect(try await fixture.proof().isProved)
    let name = GenerationName(index: "docs", number: 1)
    let shown = try #require(try await fixture.backend.chunks(of: receipt.document, in: name))
    #expect(shown.chunks.count == (try await fixture.store.document("/a.txt", index: "docs", source: nil).chunks))
    let span = try #require(lost.first)
    let chunk = shown.chunks[span.ordinal]
    #expect(chunk.text.contains("alpha300 ") && chunk.start == span.start && chunk.end == span.end)
    // A keyword search finds the chunk, a vector search does not.
    let request = SearchRequest(text: "alpha300", k: 3, mode: .keyword)
    #expect(try await fixture.backend.search(request, in: name).first?.chunk.ordinal == span.ordinal)
    // No refused or paid text is sent a second time.
    let asked = server.paid.flatMap { $0 }
    #expect(Set(asked).count == asked.count)
  }

  @Test("the same content is accepted again, and heals once the embedder accepts it")
  func healing() async throws {
    let refusals = Refusals()
    let (server, settings) = try Self.embedder(refusing: "alpha300 ", refusals: refusals)
    let fixture = try await StepFixture(embedder: settings)
    _ = try await fixture.submit("/a.txt", StepFixture.text(40))
    _ = try await Self.run(fixture)
    let paid = server.paid.flatMap { $0 }.count
    let again = try await fixture.submit("/a.txt", StepFixture.text(40))
    #expect(again.outcome == .accepted)
    refusals.refuses.withLock { $0 = false }
    let (job, lost) = try await Self.run(fixture)
    #expect(lost.isEmpty)
    #expect(try await !fixture.store.job(job.lease.job).degraded)
    #expect(server.paid.flatMap { $0 }.count == paid + 1)
    #expect(try await fixture.submit("/a.txt", StepFixture.text(40)).outcome == .unchanged)
    #expect(try await fixture.proof().isProved)
  }

  @Test("if too many chunks are refused, the job dies, and its failure says how many may be lost")
  func tooMany() async throws {
    let (server, settings) = try Self.embedder(refusing: "alpha1")
    let fixture = try await StepFixture(embedder: settings)
    _ = try await fixture.submit("/a.txt", StepFixture.text(40))
    await #expect {
      _ = try await Self.run(fixture)
    } throws: {
      let failure = $0 as? Failure
      return failure?.code == "CHUNKS_REFUSED" && failure?.message.contains("may be lost") == true
    }
    #expect(!server.paid.isEmpty)
  }

  @Test("a document of few chunks may lose none, unless its workflow allows it; with 0 % none may")
  func few() async throws {
    let (server, settings) = try Self.embedder(refusing: "alpha60 ")
    let fixture = try await StepFixture(embedder: settings)
    _ = try await fixture.submit("/a.txt", StepFixture.text(8))
    await #expect(throws: Failure.self) { _ = try await Self.run(fixture) }
    _ = try await fixture.submit("/b.txt", StepFixture.text(8))
    let (_, lost) = try await Self.run(fixture, with: ["lost-chunks": .number(0.5)])
    #expect(lost.count == 1)
    _ = try await fixture.submit("/c.txt", StepFixture.text(60))
    await #expect(throws: Failure.self) { _ = try await Self.run(fixture, with: ["lost-chunks": .number(0)]) }
    #expect(!server.paid.isEmpty)
  }
}
