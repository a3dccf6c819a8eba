import Glibc
import IngestBlobs
import IngestCore
import IngestTestKit
import Testing

@Suite struct DiskTests {
  @Test("without space a blob is refused as a whole, can be retried, and leaves no temporary file")
  func full() async {
    // The limit holds for a whole process, and takes effect in the middle of a write as a full disk does.
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let fixture = try Fixture()
      let path = try fixture.file("a", sample(300_000))
      var limit = rlimit(rlim_cur: 100_000, rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(1), &limit)
      let put = await failure { _ = try await fixture.store.put(sample(300_000)) }
      let taken = await failure { _ = try await fixture.store.take(path: path) }
      for refused in [put, taken] {
        #expect(refused?.code == "DISK_FULL")
        #expect(refused?.kind == .transient)
        #expect(refused?.hint.isEmpty == false)
      }
      #expect(fixture.files.isEmpty)
      #expect(fixture.rows.isEmpty)
      limit.rlim_cur = rlim_t.max
      setrlimit(__rlimit_resource_t(1), &limit)
      #expect(try await fixture.store.put(sample(300_000)) == hash(sample(300_000)))
    }
  }

  @Test("a read-only folder is reported as such")
  func readOnly() async {
    await #expect(processExitsWith: .success) {
      let fixture = try Fixture()
      _ = try await fixture.store.put(sample(100_000))
      chmod(fixture.temporary.file("blobs/tmp"), 0o500)
      // Root may write anywhere, so this becomes `nobody`. Threads that start later inherit it.
      if geteuid() == 0 {
        chmod(fixture.temporary.path, 0o755)
        chmod(fixture.temporary.file("blobs"), 0o755)
        chmod(fixture.temporary.file("blobs/tmp"), 0o555)
        try #require(setuid(65534) == 0)
      }
      let refused = await failure { _ = try await fixture.store.put(sample(200_000)) }
      #expect(refused?.code == "BLOBS_READ_ONLY")
    }
  }

  @Test("temporary files of a dead writer are removed, those of a live one are not")
  func leftovers() async throws {
    let fixture = try Fixture()
    _ = try await fixture.store.put(sample(100_000))
    try write([1], to: fixture.temporary.file("blobs/tmp/dead"))
    try write([1], to: fixture.temporary.file("blobs/tmp/live"))
    let writer = Glibc.open(fixture.temporary.file("blobs/tmp/live"), O_RDWR)
    #expect(flock(writer, LOCK_EX) == 0)
    fixture.rows.forget(hash(sample(100_000)))
    _ = try await fixture.store.collect(grace: .zero)
    #expect(fixture.files.filter { $0.hasPrefix("tmp") } == ["tmp/live"])
    close(writer)
    _ = try await fixture.store.collect(grace: .zero)
    #expect(fixture.files.allSatisfy { !$0.hasPrefix("tmp") })
  }

  @Test("a collection removes rows and files in slices, and counts them")
  func collect() async throws {
    let fixture = try Fixture()
    for seed in 0..<7 as Range<UInt64> { _ = try await fixture.store.put(sample(70_000, seed: seed)) }
    _ = try await fixture.store.put(sample(10))
    let gone = try await fixture.store.collect(grace: .zero, slice: 3)
    #expect(gone == (8, 490_010))
    #expect(fixture.files.isEmpty)
    #expect(try await fixture.store.collect(grace: .zero) == (0, 0))
  }

  @Test("a file whose row was lost in a crash gets one, and a damaged file is removed")
  func orphans() async throws {
    let fixture = try Fixture()
    let good = sample(70_000, seed: 1)
    let bad = sample(70_000, seed: 2)
    for bytes in [good, bad, sample(70_000, seed: 3)] { _ = try await fixture.store.put(bytes) }
    for bytes in [good, bad] { fixture.rows.forget(hash(bytes)) }
    try write([1], to: fixture.rows.path(hash(bad)))
    #expect(try await fixture.store.adoptOrphans() == 1)
    #expect(try await fixture.rows.blobRow(hash(good)) == .file(size: 70_000))
    #expect(try await fixture.rows.blobRow(hash(bad)) == nil)
    #expect(fixture.files.count == 2)
  }
}
