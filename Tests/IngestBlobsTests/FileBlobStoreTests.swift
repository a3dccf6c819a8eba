import FoundationEssentials
import Glibc
import IngestBlobs
import IngestCore
import IngestTestKit
import Testing

@Suite struct FileBlobStoreTests {
  @Test("up to the size limit a blob is a row, without a file")
  func small() async throws {
    let fixture = try Fixture()
    let bytes = sample(Blob.rowLimit)
    #expect(try await fixture.store.put(bytes) == hash(bytes))
    #expect(try await fixture.rows.blobRow(hash(bytes)) == .row(bytes))
    #expect(fixture.files.isEmpty)
    #expect(try await fixture.store.get(hash(bytes)) == bytes)
  }

  @Test("a larger blob is a file that is in place before its row is written")
  func large() async throws {
    let fixture = try Fixture()
    let bytes = sample(Blob.rowLimit + 1)
    #expect(try await fixture.store.put(bytes) == hash(bytes))
    #expect(fixture.files == [hash(bytes).rawValue.prefix(2) + "/" + hash(bytes).rawValue.dropFirst(2)])
    #expect(try await fixture.rows.blobRow(hash(bytes)) == .file(size: bytes.count))
    #expect(try await fixture.store.get(hash(bytes)) == bytes)
  }

  @Test("the same bytes are written once, and a second write resets their age")
  func twice() async throws {
    let fixture = try Fixture()
    let bytes = sample(100_000)
    _ = try await fixture.store.put(bytes)
    let first = inode(fixture.rows.path(hash(bytes)))
    _ = try await fixture.store.put(bytes)
    #expect(inode(fixture.rows.path(hash(bytes))) == first)
    #expect(fixture.rows.notes == 2)
  }

  @Test("a file without a row is not trusted")
  func orphan() async throws {
    let fixture = try Fixture()
    let bytes = sample(100_000)
    _ = try await fixture.store.put(bytes)
    fixture.rows.forget(hash(bytes))
    // A power loss can leave the name without the bytes.
    try write([UInt8](repeating: 0, count: bytes.count), to: fixture.rows.path(hash(bytes)))
    _ = try await fixture.store.put(bytes)
    #expect(try await fixture.store.get(hash(bytes)) == bytes)
  }

  @Test("bytes whose file is missing or truncated are written again")
  func repair() async throws {
    let fixture = try Fixture()
    let bytes = sample(100_000)
    _ = try await fixture.store.put(bytes)
    unlink(fixture.rows.path(hash(bytes)))
    _ = try await fixture.store.put(bytes)
    #expect(try await fixture.store.get(hash(bytes)) == bytes)
    truncate(fixture.rows.path(hash(bytes)), 10)
    _ = try await fixture.store.put(bytes)
    #expect(try await fixture.store.get(hash(bytes)) == bytes)
  }

  @Test("an unknown blob, or one whose file vanished, is reported as missing")
  func missing() async throws {
    let fixture = try Fixture()
    #expect(await failure { _ = try await fixture.store.get(hash([1])) }?.code == "BLOB_MISSING")
    #expect(await failure { _ = try await fixture.store.open(hash([1])) }?.code == "BLOB_MISSING")
    let bytes = sample(100_000)
    _ = try await fixture.store.put(bytes)
    unlink(fixture.rows.path(hash(bytes)))
    #expect(await failure { _ = try await fixture.store.get(hash(bytes)) }?.code == "BLOB_MISSING")
    #expect(await failure { _ = try await fixture.store.open(hash(bytes)) }?.code == "BLOB_MISSING")
  }

  @Test("every way of reading reports damage", arguments: [99_999, 100_000, 100_001])
  func damaged(size: Int) async throws {
    let fixture = try Fixture()
    let bytes = sample(100_000)
    _ = try await fixture.store.put(bytes)
    var other = bytes
    other[50_000] ^= 1
    try write(Array(other.prefix(size)) + (size > 100_000 ? [0] : []), to: fixture.rows.path(hash(bytes)))
    #expect(await failure { _ = try await fixture.store.get(hash(bytes)) }?.code == "BLOB_DAMAGED")
    #expect(await failure { _ = try await fixture.store.open(hash(bytes)) }?.code == "BLOB_DAMAGED")
  }

  @Test("a damaged row is reported too")
  func damagedRow() async throws {
    let fixture = try Fixture()
    try await fixture.rows.insertBlob(Blob(hash: hash([1, 2]), bytes: [1, 3]))
    #expect(await failure { _ = try await fixture.store.get(hash([1, 2])) }?.code == "BLOB_DAMAGED")
    #expect(await failure { _ = try await fixture.store.open(hash([1, 2])) }?.code == "BLOB_DAMAGED")
  }

  @Test(
    "an opened blob is a descriptor at its start, for a row and for a file", arguments: [0, 1, Blob.rowLimit, 300_000])
  func open(size: Int) async throws {
    let fixture = try Fixture()
    let bytes = sample(size)
    let descriptor = try await fixture.store.open(try await fixture.store.put(bytes))
    #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    #expect(drain(descriptor) == bytes)
  }

  @Test("a collection that removes a blob while it is stored again does no harm")
  func collected() async throws {
    let fixture = try Fixture()
    let bytes = sample(100_000)
    let path = try fixture.file("a", bytes)
    _ = try await fixture.store.put(bytes)
    for store in [
      { _ = try await fixture.store.put(bytes) }, { _ = try await fixture.store.take(path: path) },
    ] as [() async throws -> Void] {
      fixture.rows.afterNote { [file = fixture.rows.path(hash(bytes))] in unlink(file) }
      try await store()
      #expect(try await fixture.store.get(hash(bytes)) == bytes)
    }
  }

  @Test("many simultaneous blobs are all stored")
  func parallel() async throws {
    let fixture = try Fixture()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 0..<60 as Range<UInt64> {
        // Every blob comes three times, so that equal ones race for one name.
        group.addTask { _ = try await fixture.store.put(sample(70_000, seed: seed / 3)) }
      }
      try await group.waitForAll()
    }
    #expect(fixture.files.count == 20)
    for seed in 0..<20 as Range<UInt64> {
      let bytes = sample(70_000, seed: seed)
      #expect(try await fixture.store.get(hash(bytes)) == bytes)
    }
  }
}
