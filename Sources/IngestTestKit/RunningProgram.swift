private import CSystem
internal import Dispatch
private import Foundation
private import Glibc
private import Synchronization

/// One of our programs as a separate process. Its output goes to files, so that it never waits for a reader. It is
/// killed when the object is released.
package final class RunningProgram: Sendable {
  package let processID: Int32
  private let files: TemporaryFolder
  private let ended = Mutex<Int32?>(nil)

  /// Starts a program that was built beside the tests.
  /// - Parameters:
  ///   - environment: replaces the tests' own environment, except for `PATH`, `TMPDIR` and the options of sanitizers.
  ///   - folder: the current folder; nil makes a new, empty one.
  package init(
    _ program: String = "ingestd", _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [],
    folder: String? = nil
  ) throws {
    files = try TemporaryFolder("program")
    let path = Self.path(of: program)
    for name in ["output", "error"] { try Data().write(to: URL(fileURLWithPath: files.file(name))) }
    try Data(input).write(to: URL(fileURLWithPath: files.file("input")))
    var current = folder
    if current == nil {
      current = files.file("folder")
      try FileManager.default.createDirectory(atPath: files.file("folder"), withIntermediateDirectories: true)
    }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, files.file("input"), O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files.file("output"), O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, files.file("error"), O_WRONLY, 0)
    _ = ingestd_spawn_close_from(&actions, 3)
    if let current { _ = ingestd_spawn_change_folder(&actions, current) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The test runner blocks and ignores signals that a program expects to get.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var variables = environment
    for name in ["PATH", "TMPDIR", "LD_PRELOAD", "ASAN_OPTIONS", "TSAN_OPTIONS"] where variables[name] == nil {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    var identifier: pid_t = 0
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let pairs = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + pairs { free(text) } }
    let code = posix_spawn(&identifier, path, &actions, &attributes, words, pairs)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
    processID = identifier
  }

  deinit {
    if ended.withLock({ $0 == nil }) {
      kill(processID, SIGKILL)
      var status: Int32 = 0
      waitpid(processID, &status, 0)
    }
  }

  /// Returns the path of a program that was built with the tests.
  package static func path(of program: String) -> String {
    // A program of the system, such as a shell that sets limits first.
    if program.hasPrefix("/") { return program }
    return Bundle.main.bundleURL.appendingPathComponent(program).path
  }

  package func signal(_ number: Int32) { kill(processID, number) }

  /// The output so far.
  package var output: String { text("output") }
  package var error: String { text("error") }

  private func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: files.file(name)) ?? Data(), as: UTF8.self)
  }

  /// Waits for the program to end.
  /// - Returns: its exit status, or 128 plus the number of the signal that ended it.
  /// - Throws: ``TimedOut`` after ``Patience/limit``; the program is killed first.
  package func wait() async throws -> Int32 {
    if let status = ended.withLock({ $0 }) { return status }
    let descriptor = ingestd_pidfd_open(processID)
    defer { close(descriptor) }
    let milliseconds = Int32(clamping: Patience.limit.components.seconds * 1000)
    let isOver = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var answer = poll(&entry, 1, milliseconds)
        while answer < 0, errno == EINTR { answer = poll(&entry, 1, milliseconds) }
        continuation.resume(returning: answer > 0)
      }
    }
    if !isOver { kill(processID, SIGKILL) }
    var raw: Int32 = 0
    waitpid(processID, &raw, 0)
    let status = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
    ended.withLock { $0 = status }
    if !isOver { throw TimedOut(output: output, error: error) }
    return status
  }

  /// The error when a program did not end within ``Patience/limit``.
  package struct TimedOut: Error, Sendable {
    package let output: String
    package let error: String
  }
}
