import FoundationEssentials
import Glibc
import IngestBlobs
import IngestCore
import IngestStore
import IngestTestKit
import Testing

/// The blob store with the real database.
@Suite struct RealStoreTests {
  @Test(
    "blobs are stored and read through the database, and collected after their grace time unless they are used again")
  func round() async throws {
    let fixture = try await StoreFixture()
    let blobs = FileBlobStore(folder: fixture.folder.file("blobs"), rows: fixture.store)
    let (small, large, other) = (sample(1000), sample(500_000), sample(70_000))
    for bytes in [small, large, other, large] { _ = try await blobs.put(bytes) }
    for bytes in [small, large, other] { #expect(try await blobs.get(hash(bytes)) == bytes) }
    #expect(drain(try await blobs.open(hash(small))) == small)
    #expect(drain(try await blobs.open(hash(large))) == large)

    fixture.clock.advance(by: .seconds(3000))
    #expect(try await blobs.collect(grace: .seconds(3600)) == (0, 0))
    _ = try await blobs.put(other)
    fixture.clock.advance(by: .seconds(3000))
    #expect(try await blobs.collect(grace: .seconds(3600), slice: 1) == (2, 501_000))
    #expect(try await blobs.get(hash(other)) == other)
    #expect(await failure { _ = try await blobs.get(hash(large)) }?.code == "BLOB_MISSING")
    #expect(access(fixture.folder.file("blobs/" + hash(large).rawValue.prefix(2)), F_OK) == 0)
  }

  @Test("a large document that was submitted is never collected")
  func referenced() async throws {
    let fixture = try await StoreFixture()
    let blobs = FileBlobStore(folder: fixture.folder.file("blobs"), rows: fixture.store)
    let bytes = sample(500_000)
    try write(bytes, to: fixture.folder.file("a.pdf"))
    var request = StoreFixture.request("a.pdf")
    request.change = try await blobs.take(path: fixture.folder.file("a.pdf"))
    unlink(fixture.folder.file("a.pdf"))
    _ = try await fixture.store.submit(request)
    fixture.clock.advance(by: .seconds(100_000))
    #expect(try await blobs.collect(grace: .seconds(3600)) == (0, 0))
    #expect(try await blobs.get(hash(bytes)) == bytes)
  }
}
