import Foundation
import IngestBlobs
import IngestCore
import IngestDigest
import IngestDocuments
import IngestEmbedding
import IngestIndex
import IngestIndexSQLite
import IngestSteps
import IngestStore
import IngestTestKit
import Synchronization
import Testing

@Suite("Steps of documents")
struct DocumentStepTests {
  private let docs = GenerationName(index: "docs", number: 1)

  @Test("a document passes all steps, and the index matches the catalogue")
  func whole() async throws {
    let fixture = try await StepFixture()
    let receipt = try await fixture.submit("/a.txt", StepFixture.text(10))
    try await fixture.complete()
    #expect(try await fixture.store.document("/a.txt", index: "docs", source: nil).held == 1)
    let chunks = try #require(try await fixture.backend.chunks(of: receipt.document, in: docs))
    #expect(chunks.revision == 1)
    #expect(chunks.chunks.count > 1)
    #expect(try await fixture.proof().isProved)
  }

  @Test("a parse continues from its cursor and reads no page again")
  func parseResumes() async throws {
    let fixture = try await StepFixture()
    let pdf = try Data(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "IngestDocumentsTests/Fixtures/plain.pdf"))
    let bytes = [UInt8](pdf)
    let change = SubmitRequest.Change.bytes(
      Blob(hash: ContentHash(rawValue: SHA256.hash(bytes)), bytes: bytes))
    _ = try await fixture.store.submit(
      SubmitRequest(
        index: "docs", source: "default", uri: "/plain.pdf", change: change, workflow: StepFixture.workflow,
        actor: "test"))
    let job = try await fixture.claim()
    let fresh = try await fixture.run("parse", of: job)
    let pages = try JSONDecoder().decode(Pages.self, from: Data(fresh.result.utf8)).pages
    try #require(pages >= 2)
    // The first page as an earlier try stored it. Its text would be another if the page were read again.
    let part = ParsedPart(pages: [ParsedPage(number: 1, text: "kept from before")]).encode()
    let hash = ContentHash(rawValue: SHA256.hash(part))
    let cursor = """
      {"kind":"pdf","title":"","pages":1,"total":\(pages),"characters":16,"parts":["\(hash)"]}
      """
    try await fixture.store.save(
      job.lease, step: "parse", position: 0,
      StepSave(
        progress: StepProgress(done: 1, unit: "pages"), cursor: cursor, blobs: [Blob(hash: hash, bytes: part)],
        references: [hash]))
    let resumed = try await fixture.run("parse", of: job, cursor: cursor)
    #expect(try JSONDecoder().decode(Pages.self, from: Data(resumed.result.utf8)).pages == pages)
    #expect(resumed.references.first == hash)
    #expect(resumed.references.count == 2)
    let rest = try #require(resumed.blobs.first)
    #expect(try ParsedPart(decoding: rest.bytes).pages.map(\.number) == Array(2...pages))
  }

  @Test("a cached parse result is shared, and made again if its text is damaged")
  func keptParse() async throws {
    let fixture = try await StepFixture()
    let text = StepFixture.text(4)
    try await fixture.submit("/a.txt", text)
    try await fixture.complete()
    try await fixture.submit("/b.txt", text)
    let job = try await fixture.claim()
    let shared = try await fixture.run("parse", of: job)
    #expect(shared.effects.isEmpty)
    let part = try #require(shared.references.first)
    try await fixture.base.damage(part)
    let second = try await fixture.run("parse", of: job)
    #expect(second.effects.count == 1)
    #expect(second.references == [part])
    try await fixture.run(["parse", "chunk", "embed", "upsert"], of: job, isLast: true)
    #expect(try await fixture.blobs.get(part).isEmpty == false)
    #expect(try await fixture.proof().isProved)
  }

  @Test("chunks that were paid for before a failure are not paid for again")
  func embedResumes() async throws {
    let server = try EmbeddingServer(dimensions: 8)
    let settings = EmbedderSettings(
      name: "paid", provider: "openai", model: "m", dimensions: 8, baseURL: server.baseURL, batchTexts: 2,
      concurrency: 1)
    let fixture = try await StepFixture(embedder: settings)
    try await fixture.submit("/a.txt", StepFixture.text(20))
    let job = try await fixture.claim()
    let results = try await fixture.run(["parse", "chunk"], of: job)
    server.script([.good, .good, .status(500)])
    await #expect(throws: (any Error).self) { try await fixture.run("embed", of: job, results: results) }
    let before = server.paid.flatMap(\.self)
    #expect(before.count == 4)
    server.script([])
    try await fixture.run(["embed", "upsert"], of: job, results: results, isLast: true)
    let paid = server.paid.flatMap(\.self)
    #expect(Set(paid).count == paid.count)
    #expect(paid.count > before.count)
    // The same text under another name costs nothing.
    try await fixture.submit("/b.txt", StepFixture.text(20))
    try await fixture.complete()
    #expect(server.paid.flatMap(\.self).count == paid.count)
    #expect(try await fixture.proof().isProved)
  }

  @Test("a large document continues after the slices that are written, and is visible as a whole or not at all")
  func upsertResumes() async throws {
    let fixture = try await StepFixture()
    let first = try await fixture.submit("/a.txt", "the first revision")
    try await fixture.complete()
    try await fixture.submit("/a.txt", StepFixture.text(1200))
    let job = try await fixture.claim()
    let results = try await fixture.run(["parse", "chunk", "embed"], of: job)
    struct Killed: Error {}
    await #expect(throws: Killed.self) {
      try await fixture.run("upsert", of: job, results: results) { _ in throw Killed() }
    }
    #expect(try await fixture.backend.chunks(of: first.document, in: docs)?.revision == 1)
    let staged = try await fixture.backend.staged(first.document, revision: 2, in: docs)
    #expect(staged == 256)
    let progress = Mutex<[Int]>([])
    let output = try await fixture.run("upsert", of: job, results: results) { save in
      progress.withLock { $0.append(save.progress.done) }
    }
    #expect(progress.withLock { $0.first } == 512)
    try await fixture.store.finish(
      job.lease, .completed,
      last: Checkpoint(
        step: "upsert", position: 3, output: output, startedAt: fixture.base.clock.now,
        finishedAt: fixture.base.clock.now))
    #expect(try await fixture.backend.chunks(of: first.document, in: docs)?.revision == 2)
    #expect(try await fixture.proof().isProved)
  }

  @Test("repeating an upsert changes nothing", arguments: [3, 1200])
  func upsertTwice(paragraphs: Int) async throws {
    let fixture = try await StepFixture()
    try await fixture.submit("/a.txt", StepFixture.text(paragraphs))
    let job = try await fixture.claim()
    let results = try await fixture.run(["parse", "chunk", "embed"], of: job)
    let once = try await fixture.run("upsert", of: job, results: results)
    let twice = try await fixture.run("upsert", of: job, results: results)
    #expect(once == twice)
    try await fixture.store.finish(
      job.lease, .completed,
      last: Checkpoint(
        step: "upsert", position: 3, output: twice, startedAt: fixture.base.clock.now,
        finishedAt: fixture.base.clock.now))
    #expect(try await fixture.proof().isProved)
  }

  @Test("a late worker's older revision is written neither to the index nor to the catalogue")
  func stale() async throws {
    let fixture = try await StepFixture()
    let receipt = try await fixture.submit("/a.txt", "the old text")
    let late = try await fixture.claim()
    let results = try await fixture.run(["parse", "chunk", "embed"], of: late)
    fixture.base.clock.advance(by: .seconds(31))
    try await fixture.submit("/a.txt", "the new text")
    // Another worker first runs the lost job, then the one behind it.
    try await fixture.complete()
    try await fixture.complete()
    let output = try await fixture.run("upsert", of: late, results: results)
    #expect(output.effects.isEmpty)
    #expect(output.result.contains("\"stale\":true"))
    #expect(try await fixture.backend.chunks(of: receipt.document, in: docs)?.chunks.map(\.text) == ["the new text"])
    try await fixture.delete("/a.txt")
    try await fixture.complete()
    #expect(try await fixture.run("upsert", of: late, results: results).effects.isEmpty)
    #expect(try await fixture.backend.chunks(of: receipt.document, in: docs)?.chunks.isEmpty == true)
    #expect(try await fixture.proof().isProved)
  }

  @Test("after submit, delete and submit the last submit is in the index, in any order of the jobs' ends")
  func deleted() async throws {
    let fixture = try await StepFixture()
    let receipt = try await fixture.submit("/a.txt", "first")
    try await fixture.complete()
    try await fixture.delete("/a.txt")
    let removal = try await fixture.claim()
    fixture.base.clock.advance(by: .seconds(31))
    try await fixture.submit("/a.txt", "third")
    try await fixture.complete()
    try await fixture.complete()
    #expect(try await fixture.run("remove", of: removal).effects.isEmpty)
    #expect(try await fixture.backend.chunks(of: receipt.document, in: docs)?.chunks.map(\.text) == ["third"])
    #expect(try await fixture.proof().isProved)
  }

  private struct Pages: Decodable {
    var pages: Int
  }
}
