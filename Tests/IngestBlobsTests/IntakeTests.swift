import Glibc
import IngestBlobs
import IngestCore
import IngestTestKit
import Synchronization
import Testing

@Suite struct IntakeTests {
  @Test("a small file is returned, to be stored in the submit's own transaction", arguments: [0, 1, Blob.rowLimit])
  func small(size: Int) async throws {
    let fixture = try Fixture()
    let bytes = sample(size)
    let change = try await fixture.store.take(path: try fixture.file("a", bytes))
    #expect(change == .bytes(Blob(hash: hash(bytes), bytes: bytes)))
    #expect(fixture.files.isEmpty)
    #expect(fixture.rows.isEmpty)
  }

  @Test("a large file may be deleted as soon as it is accepted")
  func large() async throws {
    let fixture = try Fixture()
    let bytes = sample(900_000)
    let path = try fixture.file("a b 🙂.pdf", bytes)
    #expect(try await fixture.store.take(path: path) == .stored(hash(bytes), size: bytes.count))
    unlink(path)
    #expect(try await fixture.store.get(hash(bytes)) == bytes)
    #expect(fixture.files.count == 1)
  }

  @Test("a file that is already stored is not copied again")
  func again() async throws {
    let fixture = try Fixture()
    let bytes = sample(900_000)
    let path = try fixture.file("a", bytes)
    _ = try await fixture.store.take(path: path)
    let first = inode(fixture.rows.path(hash(bytes)))
    #expect(try await fixture.store.take(path: path) == .stored(hash(bytes), size: bytes.count))
    #expect(inode(fixture.rows.path(hash(bytes))) == first)
  }

  /// A source of random numbers that changes the file: the first number is drawn just before the copy.
  final class FileChanger: RandomSource {
    let action: Mutex<(@Sendable () -> Void)?> = .init(nil)
    func next() -> UInt64 {
      action.withLock { action in
        action?()
        action = nil
      }
      return SystemRandom().next()
    }
  }

  enum FileChange: CaseIterable {
    case grow, shrink, rewrite, replace
  }

  @Test("a file that changes during the copy is refused, and nothing of it is kept", arguments: FileChange.allCases)
  func changed(change: FileChange) async throws {
    let changer = FileChanger()
    let fixture = try Fixture(random: changer)
    let bytes = sample(300_000)
    let path = try fixture.file("a", bytes)
    changer.action.withLock { action in
      action = {
        switch change {
        case .grow: truncate(path, 300_001)
        case .shrink: truncate(path, 299_999)
        case .rewrite:
          let file = Glibc.open(path, O_WRONLY)
          pwrite(file, "x", 1, 150_000)
          close(file)
        case .replace:
          unlink(path)
          try? write(sample(300_000, seed: 9), to: path)
        }
      }
    }
    // A replaced file is a new file: the copy still reads the old bytes, and is good.
    if change == .replace {
      #expect(try await fixture.store.take(path: path) == .stored(hash(bytes), size: bytes.count))
    } else {
      #expect(await failure { _ = try await fixture.store.take(path: path) }?.code == "SOURCE_CHANGED")
      #expect(fixture.files.isEmpty)
      #expect(fixture.rows.isEmpty)
    }
  }

  @Test("an unreadable file is refused with its own code")
  func refused() async throws {
    let fixture = try Fixture()
    let missing = await failure { _ = try await fixture.store.take(path: fixture.temporary.file("none")) }
    #expect(missing?.code == "SOURCE_NOT_FOUND")
    #expect(missing?.category == .notFound)
    #expect(await failure { _ = try await fixture.store.take(path: "/tmp") }?.code == "SOURCE_UNREADABLE")
    #expect(mkfifo(fixture.temporary.file("pipe"), 0o600) == 0)
    #expect(
      await failure { _ = try await fixture.store.take(path: fixture.temporary.file("pipe")) }?.code
        == "SOURCE_UNREADABLE")
    let long = "/tmp/" + String(repeating: "x", count: 10_000)
    #expect(await failure { _ = try await fixture.store.take(path: long) }?.code == "SOURCE_UNREADABLE")
  }

  @Test("a pipe is read in one pass, small or large", arguments: [0, 10, Blob.rowLimit, Blob.rowLimit + 1, 2_000_000])
  func pipe(size: Int) async throws {
    let fixture = try Fixture()
    let bytes = sample(size)
    let change = try await throughPipe(bytes) { try await fixture.store.take(descriptor: $0) }
    if size <= Blob.rowLimit {
      #expect(change == .bytes(Blob(hash: hash(bytes), bytes: bytes)))
      #expect(fixture.files.isEmpty)
    } else {
      #expect(change == .stored(hash(bytes), size: size))
      #expect(try await fixture.store.get(hash(bytes)) == bytes)
      #expect(fixture.files.count == 1)
    }
  }

  @Test("a pipe over the limit is refused and leaves nothing")
  func pipeLimit() async throws {
    let fixture = try Fixture()
    let refused = await failure {
      _ = try await throughPipe(sample(2_000_000)) { try await fixture.store.take(descriptor: $0, limit: 100_000) }
    }
    #expect(refused?.code == "SOURCE_TOO_LARGE")
    #expect(fixture.files.isEmpty)
  }

  /// Gives `body` a descriptor that delivers `bytes`.
  private func throughPipe<T>(_ bytes: [UInt8], _ body: (Int32) async throws -> T) async throws -> T {
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    signal(SIGPIPE, SIG_IGN)
    let (reader, writer) = (ends[0], ends[1])
    async let written: Void = {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
      }
      close(writer)
    }()
    let result: Result<T, any Error>
    do { result = .success(try await body(reader)) } catch { result = .failure(error) }
    close(reader)
    await written
    return try result.get()
  }
}

extension FileBlobStore {
  /// Takes in one file as `submit` does: reads its size and hash, then copies it if it is large.
  func take(path: String) async throws -> SubmitRequest.Change {
    switch try await look(at: [path], accepts: { _ in true })[0] {
    case .small(let blob): return .bytes(blob)
    case .large(let hash, let size):
      try await store(path: path, as: hash, size: size)
      return .stored(hash, size: size)
    case .failed(let failure): throw failure
    case .declined: throw Failure(.permanent, code: "DECLINED", "The file was declined.")
    }
  }
}
