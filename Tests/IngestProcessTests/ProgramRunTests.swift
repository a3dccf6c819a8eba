import Glibc
import IngestProcess
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15))) struct ProgramRunTests {
  private final class Received: Sendable {
    private let state = Mutex<(error: [UInt8], messages: [UInt8], count: Int)>(([], [], 0))
    private let bell = AsyncStream<Void>.makeStream()

    func receive(_ word: ProgramWord) {
      state.withLock { state in
        switch word {
        case .error(let bytes):
          if state.error.count < 1000 { state.error += bytes }
          state.count += bytes.count
        case .message(let bytes): state.messages += bytes
        }
      }
      bell.continuation.yield()
    }

    var error: String { state.withLock { String(decoding: $0.error, as: UTF8.self) } }
    var messages: String { state.withLock { String(decoding: $0.messages, as: UTF8.self) } }
    var count: Int { state.withLock { $0.count } }

    /// Returns once the program has written a whole line to standard error.
    func line() async -> String {
      for await _ in bell.stream where error.contains("\n") { break }
      return error
    }
  }

  private func shell(_ script: String, limit: Int = 1000) -> ProgramRequest {
    ProgramRequest(
      program: "/bin/sh", arguments: ["-c", script], environment: ["PATH=/usr/bin:/bin"], outputLimit: limit)
  }

  /// Returns whether there is no such process; a zombie counts as ended.
  private func isGone(_ pid: Int32) -> Bool {
    guard kill(pid, 0) == 0 else { return true }
    let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return true }
    defer { close(file) }
    var room = [UInt8](repeating: 0, count: 200)
    let count = max(0, read(file, &room, room.count))
    return String(decoding: room[..<count], as: UTF8.self).contains(") Z ")
  }

  private func awaitEnd(_ pid: Int32) async {
    if !isGone(pid) { _ = await ProcessWatch.end(of: pid) }
  }

  @Test("a program gets its input, and its output, log lines and messages are received")
  func whole() async throws {
    var request = shell("cat; cat <&3; echo oops >&2; echo '{\"a\":1}' >&4; pwd; exit 7")
    request.standardInput = try MemoryFile.make(Array("in\n".utf8))
    request.descriptors = [try MemoryFile.make(Array("three\n".utf8))]
    request.folder = "/usr"
    let received = Received()
    let end = try await request.run { received.receive($0) }
    #expect(end.status == .exited(7))
    #expect(String(decoding: end.output, as: UTF8.self) == "in\nthree\n/usr\n")
    #expect(!end.isTooLong)
    #expect(received.error == "oops\n")
    #expect(received.messages == "{\"a\":1}\n")
  }

  @Test("a program that prints without end is cut off and killed")
  func endless() async throws {
    let end = try await shell("yes", limit: 5000).run { _ in }
    #expect(end.isTooLong)
    #expect(end.output.count == 5000)
    #expect(end.status == .signalled(SIGKILL) || end.status == .signalled(SIGPIPE))
  }

  @Test("a gigabyte of log output is read without being kept")
  func complaints() async throws {
    let received = Received()
    let end = try await shell("head -c 200000000 /dev/zero >&2").run { received.receive($0) }
    #expect(end.status == .exited(0))
    #expect(received.count == 200_000_000)
  }

  @Test("processes that a program leaves running are killed")
  func leftovers() async throws {
    let end = try await shell("sleep 1000 & echo $!").run { _ in }
    let pid = try #require(Int32(String(decoding: end.output, as: UTF8.self).split(separator: "\n").first ?? ""))
    #expect(end.status == .exited(0))
    await awaitEnd(pid)
    #expect(isGone(pid))
  }

  @Test("a cancelled program is killed with its children, even if it ignores SIGTERM")
  func cancelled() async throws {
    let received = Received()
    let request = shell("trap '' TERM; sleep 1000 & echo $! >&2; while :; do sleep 1000; done")
    let task = Task { try await request.run { received.receive($0) } }
    let line = await received.line()
    let pid = try #require(Int32(line.split(separator: "\n").first ?? ""))
    #expect(!isGone(pid))
    task.cancel()
    let result = await task.result
    #expect(throws: CancellationError.self) { try result.get() }
    // Neither process ends by itself, so both were killed.
    await awaitEnd(pid)
    #expect(isGone(pid))
  }

  @Test("a program that handles SIGTERM may finish its work")
  func asked() async throws {
    let received = Received()
    var request = shell("trap 'echo last >&2; exit 0' TERM; echo ready >&2; while :; do sleep 0.05; done")
    request.grace = .seconds(60)
    let task = Task { [request] in try await request.run { received.receive($0) } }
    _ = await received.line()
    task.cancel()
    _ = await task.result
    // The shell may also print that its child was ended.
    #expect(received.error.hasPrefix("ready\n") && received.error.hasSuffix("last\n"))
  }

  @Test("a missing program is reported")
  func missing() async {
    await #expect(throws: ProcessError.spawn(program: "/nowhere/at-all", errno: ENOENT)) {
      try await ProgramRequest(program: "/nowhere/at-all").run { _ in }
    }
  }
}
