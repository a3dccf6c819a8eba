import Glibc
import IngestProcess
import Testing

@Suite struct FileLockTests {
  private let path = "/tmp/ingestd-lock-\(getpid())-\(UInt64.random(in: 0 ... .max))"

  @Test("a lock has one holder at a time, and a query does not take it")
  func exclusive() throws {
    defer { unlink(path) }
    #expect(try !FileLock.isHeld(path: path))
    let lock = try #require(try FileLock.tryLock(path: path))
    #expect(try FileLock.isHeld(path: path))
    #expect(try FileLock.tryLock(path: path) == nil)
    lock.release()
    #expect(try !FileLock.isHeld(path: path))
    #expect(try FileLock.tryLock(path: path) != nil)
  }

  @Test("a lock is released with its last reference")
  func released() throws {
    defer { unlink(path) }
    var lock = try FileLock.tryLock(path: path)
    #expect(lock != nil)
    lock = nil
    #expect(try !FileLock.isHeld(path: path))
  }

  @Test("a child process does not keep its parent's lock")
  func notInherited() async throws {
    defer { unlink(path) }
    let (ours, theirs) = try Channel.pair()
    let lock = try #require(try FileLock.tryLock(path: path))
    let child = try await Spawner.shared.spawn(
      SpawnRequest(program: "/bin/cat", descriptors: [theirs.socket, nil, nil]))
    lock.release()
    #expect(try !FileLock.isHeld(path: path))
    child.kill()
    _ = await child.exit()
    withExtendedLifetime(ours) {}
  }

  @Test("an error for a file that cannot be created names it")
  func refused() {
    #expect(throws: ProcessError.file(path: "/nowhere/lock", errno: ENOENT)) {
      _ = try FileLock.tryLock(path: "/nowhere/lock")
    }
  }
}
