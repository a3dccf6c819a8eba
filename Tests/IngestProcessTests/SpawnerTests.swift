import Glibc
import IngestProcess
import Testing

@Suite struct SpawnerTests {
  private func run(_ script: String, descriptors: [Descriptor?] = [nil, nil, nil]) async throws -> ChildProcess {
    try await Spawner.shared.spawn(
      SpawnRequest(
        program: "/bin/sh", arguments: ["-c", script], environment: ["PATH=/usr/bin:/bin"], descriptors: descriptors))
  }

  @Test("a child's exit status is returned")
  func status() async throws {
    #expect(try await run("exit 7").exit() == .exited(7))
  }

  @Test("the signal that ended a child is returned")
  func signalled() async throws {
    let (ours, theirs) = try Channel.pair()
    let child = try await run("read line", descriptors: [theirs.socket, nil, nil])
    child.kill()
    #expect(await child.exit() == .signalled(SIGKILL))
    #expect(child.status == .signalled(SIGKILL))
    withExtendedLifetime(ours) {}
  }

  @Test("every waiter is resumed at the end, whether it began to wait before or after")
  func manyWaiters() async throws {
    let child = try await run("exit 3")
    async let first = child.exit()
    async let second = child.exit()
    #expect(await [first, second] == [.exited(3), .exited(3)])
    #expect(await child.exit() == .exited(3))
  }

  @Test("a missing program is refused with a code")
  func missing() async {
    await #expect(throws: ProcessError.spawn(program: "/nowhere/at-all", errno: ENOENT)) {
      _ = try await Spawner.shared.spawn(SpawnRequest(program: "/nowhere/at-all"))
    }
  }

  @Test("each descriptor gets its number in the child, regardless of its number in the parent")
  func numbers() async {
    // In its own process, where these numbers are free.
    await #expect(processExitsWith: .success) {
      for first in Array(Int32(100)...103) + Array(Int32(194)...206) {
        let files = try (0..<3).map { _ in try MemoryFile.make([]) }
        // The child's later numbers are our lower ones, so that one could be overwritten before it is used.
        let given = files.enumerated().map { offset, file in
          let number = dup2(file.number, first + Int32(2 - offset))
          return Descriptor(owning: number)
        }
        let child = try await Spawner.shared.spawn(
          SpawnRequest(
            program: "/bin/sh", arguments: ["-c", "echo out; echo error >&2; echo more >&3"],
            descriptors: [nil] + given))
        guard await child.exit() == .exited(0) else { fatalError("from \(first): it failed") }
        for (file, text) in zip(files, ["out\n", "error\n", "more\n"]) {
          var bytes = [UInt8](repeating: 0, count: 64)
          let count = pread(file.number, &bytes, bytes.count, 0)
          let found = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
          guard found == text else { fatalError("from \(first): \(found) in the place of \(text)") }
        }
      }
    }
  }

  @Test("a child has its three descriptors and no others")
  func descriptors() async throws {
    let (ours, theirs) = try Channel.pair()
    // Not close-on-exec, as a library might leave it.
    let leak = dup(theirs.socket.number)
    defer { close(leak) }
    let child = try await run("ls /proc/self/fd | wc -l", descriptors: [nil, theirs.socket, nil])
    #expect(await child.exit() == .exited(0))
    var bytes: [UInt8] = []
    _ = try ours.receive(into: &bytes, within: .seconds(60))
    // 0, 1, 2 and the directory that `ls` reads.
    #expect(String(decoding: bytes, as: UTF8.self).filter(\.isNumber) == "4")
  }

  @Test("a child starts with no signal blocked or ignored")
  func signals() async throws {
    let (ours, theirs) = try Channel.pair()
    let child = try await run(
      "sed -n 's/^Sig\\(Blk\\|Ign\\):.//p' /proc/self/status", descriptors: [nil, theirs.socket, nil])
    #expect(await child.exit() == .exited(0))
    var bytes: [UInt8] = []
    _ = try ours.receive(into: &bytes, within: .seconds(60))
    let masks = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { UInt64($0, radix: 16) }
    // 32 and 33 belong to the C library's threads.
    #expect(masks.map { $0 & ~(3 << 31) } == [0, 0])
  }

  @Test("a processor limit that is set on a running child ends it")
  func processorLimit() async throws {
    let child = try await run("while :; do :; done")
    child.limit(.processorTime, to: 1)
    #expect(await child.exit() == .signalled(SIGXCPU))
  }
}
