import Glibc
import IngestProcess
import Testing

@Suite struct WatchTests {
  private let path = "/tmp/ingestd-wake-\(getpid())-\(UInt64.random(in: 0 ... .max))"

  private func sleeper(_ input: Channel) async throws -> ChildProcess {
    try await Spawner.shared.spawn(SpawnRequest(program: "/bin/cat", descriptors: [input.socket, nil, nil]))
  }

  @Test("a watch reports the end of a process")
  func ended() async throws {
    let (ours, theirs) = try Channel.pair()
    let child = try await sleeper(theirs)
    async let outcome = ProcessWatch.end(of: child.pid)
    child.kill()
    #expect(await outcome == .ended)
    #expect(await child.exit() == .signalled(SIGKILL))
    #expect(await ProcessWatch.end(of: child.pid) == .ended)
    withExtendedLifetime(ours) {}
  }

  @Test("a watch ends when its task is cancelled")
  func cancelled() async throws {
    let (ours, theirs) = try Channel.pair()
    let child = try await sleeper(theirs)
    let outcome = await withTaskGroup(of: ProcessWatch.Outcome.self) { group in
      group.addTask { await ProcessWatch.end(of: child.pid) }
      group.cancelAll()
      return await group.next()
    }
    #expect(outcome == .cancelled)
    child.kill()
    _ = await child.exit()
    withExtendedLifetime(ours) {}
  }

  @Test("a wake signal wakes a listener, also through another opening of the file")
  func wakes() async throws {
    defer { unlink(path) }
    let listener = try WakeFile(path: path)
    let signals = try listener.signals()
    try WakeFile(path: path).signal()
    var iterator = signals.makeAsyncIterator()
    #expect(await iterator.next() != nil)
  }
}
