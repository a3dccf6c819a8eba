import IngestCore
import IngestStore
import IngestTestKit
import Synchronization
import Testing

@Suite("Blob rows")
struct BlobRowTests {
  @Test("bytes that nothing references are deleted after the grace time, not earlier", arguments: StoreKind.allCases)
  func collects(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    try await fixture.complete(worker)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    try await fixture.complete(worker)
    let old = ContentHash(rawValue: "hash-of-A")
    let kept = ContentHash(rawValue: "hash-of-B")
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 0)
    fixture.clock.advance(by: .seconds(3601))
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 1)
    #expect(try await fixture.store.blobRow(old) == nil)
    #expect(try await fixture.store.blobRow(kept) == .row(Array("B".utf8)))
  }

  @Test("bytes that an open or dead job needs are never collected", arguments: StoreKind.allCases)
  func keepsNeeded(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let job = try #require(try await fixture.claim(worker).first)
    var checkpoint = fixture.checkpoint(job, 0)
    let part = Blob(hash: ContentHash(rawValue: "part"), bytes: [1])
    checkpoint.output.blobs = [part]
    checkpoint.output.references = [part.hash]
    try await fixture.store.checkpoint(job.lease, checkpoint)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    fixture.clock.advance(by: .seconds(7200))
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 0)
    _ = try await fixture.store.purge(JobFilter(), actor: "test")
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 2)
  }

  @Test("a cached parse result is deleted with the content that it was parsed from", arguments: StoreKind.allCases)
  func parses(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let job = try #require(try await fixture.claim(worker).first)
    let content = ContentHash(rawValue: "hash-of-A")
    let part = Blob(hash: ContentHash(rawValue: "part"), bytes: [1])
    var checkpoint = fixture.checkpoint(
      job, 0, effects: [.parsed(content: content, parser: "p/1", result: "{\"x\":1}", references: [part.hash])])
    checkpoint.output.blobs = [part]
    try await fixture.store.checkpoint(job.lease, checkpoint)
    try await fixture.store.finish(job.lease, .completed, last: fixture.checkpoint(job, 1))
    #expect(try await fixture.store.parse(content, parser: "p/1") == "{\"x\":1}")
    #expect(try await fixture.store.parse(content, parser: "p/2") == nil)
    fixture.clock.advance(by: .seconds(7200))
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 0)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    while try await fixture.complete(worker) != nil {}
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 1)
    #expect(try await fixture.store.parse(content, parser: "p/1") == nil)
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 1)
  }

  @Test("a checkpoint whose bytes were collected in the meantime is refused", arguments: StoreKind.allCases)
  func collectedMeanwhile(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let job = try #require(try await fixture.claim(worker).first)
    let part = Blob(hash: ContentHash(rawValue: "part"), bytes: [1])
    try await fixture.store.insertBlob(part)
    // The machine slept: the lease has run out, and no other worker took the job.
    fixture.clock.advance(by: .seconds(7200))
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in }.count == 1)
    var checkpoint = fixture.checkpoint(job, 0)
    checkpoint.output.references = [part.hash]
    await #expect {
      try await fixture.store.checkpoint(job.lease, checkpoint)
    } throws: {
      ($0 as? Failure)?.code == "BLOB_COLLECTED" && ($0 as? Failure)?.kind == .transient
    }
    try await fixture.store.insertBlob(part)
    try await fixture.store.checkpoint(job.lease, checkpoint)
  }

  @Test("a new parse of the same content replaces the cached one", arguments: StoreKind.allCases)
  func parseAnew(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let content = ContentHash(rawValue: "hash-of-A")
    for number in 1...2 {
      _ = try await fixture.store.submit(StoreFixture.request("/\(number)", "A"))
      let job = try #require(try await fixture.claim(worker).first)
      let part = Blob(hash: ContentHash(rawValue: "part-\(number)"), bytes: [1])
      var checkpoint = fixture.checkpoint(
        job, 0, effects: [.parsed(content: content, parser: "p", result: "\(number)", references: [part.hash])])
      checkpoint.output.blobs = [part]
      try await fixture.store.checkpoint(job.lease, checkpoint)
      try await fixture.store.finish(job.lease, .completed, last: fixture.checkpoint(job, 1))
    }
    #expect(try await fixture.store.parse(content, parser: "p") == "2")
    fixture.clock.advance(by: .seconds(7200))
    #expect(try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 2) { _ in }.count == 1)
    #expect(try await fixture.store.blobRow(ContentHash(rawValue: "part-2")) != nil)
  }

  @Test(
    "a file is deleted in the transaction that proves it unreferenced, and kept when that transaction fails",
    arguments: StoreKind.allCases)
  func files(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let hash = ContentHash(rawValue: "large")
    try await fixture.store.noteBlobFile(hash, size: 100_000)
    #expect(try await fixture.store.blobRow(hash) == .file(size: 100_000))
    fixture.clock.advance(by: .seconds(7200))
    await #expect(throws: Failure.self) {
      try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in
        throw Failure(.transient, code: "DISK", "no")
      }
    }
    #expect(try await fixture.store.blobRow(hash) != nil)
    let gone = Mutex<[ContentHash]>([])
    _ = try await fixture.store.collectBlobs(grace: .seconds(3600), limit: 10) { hash in
      gone.withLock { $0.append(hash) }
    }
    #expect(gone.withLock { $0 } == [hash])
  }

  @Test("stored vectors are found again by embedder and text", arguments: StoreKind.allCases)
  func embeddings(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let text = ContentHash(rawValue: "t1")
    try await fixture.store.store(embedder: "e1", vectors: [(text, [0.5, -1.25, 3])])
    let found = try await fixture.store.vectors(embedder: "e1", texts: [text, ContentHash(rawValue: "t2")])
    #expect(found == [[0.5, -1.25, 3], nil])
    #expect(try await fixture.store.vectors(embedder: "e2", texts: [text]) == [nil])
  }
}
