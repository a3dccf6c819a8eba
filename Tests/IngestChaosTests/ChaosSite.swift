import FoundationEssentials
import Glibc
import IngestTestKit
import Synchronization

/// A data folder for chaos tests: the embedding provider that it pays, the programs that work in it, and a record of
/// each program that was killed or stopped.
final class ChaosSite: Sendable {
  let folder: TemporaryFolder
  let server: EmbeddingServer
  /// The times when a process was killed or stopped, in microseconds since 1970.
  private let interruptions = Mutex<[Int64]>([])

  var data: String { folder.file("data") }
  var inbox: String { folder.file("inbox") }
  var fireLog: String { folder.file("fire.log") }
  var interruptedAt: [Int64] { interruptions.withLock { $0 } }

  /// - Parameter settings: more blocks of YAML for the configuration.
  init(_ settings: String = "") async throws {
    folder = try TemporaryFolder("chaos")
    server = try EmbeddingServer(dimensions: 16)
    for path in [data, inbox] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    // A stopped worker loses its jobs after a second.
    let configuration = """
      default-embedder: fake
      embedders:
        fake:
          provider: openai
          model: fake
          dimensions: 16
          base-url: \(server.baseURL)
      worker:
        lease: 1s
        heartbeat: 300ms
        shutdown-grace: 5s
      \(settings)
      """
    try configuration.write(toFile: data + "/ingestd.yaml", atomically: true, encoding: .utf8)
  }

  func noteInterruption() {
    let now = Self.now
    interruptions.withLock { $0.append(now) }
  }

  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  // MARK: - Programs

  /// Starts the program itself, or the build of it that dies or stops as ordered.
  func start(
    _ words: [String], order: FireOrder? = nil, bug: InjectedBug? = nil, input: String = "",
    environment more: [String: String] = [:]
  ) throws -> RunningProgram {
    var environment = more
    environment[FireOrder.logVariable] = fireLog
    environment[FireOrder.orderVariable] = order?.text
    environment[FireOrder.bugVariable] = bug?.rawValue
    return try RunningProgram(
      order == nil && bug == nil ? "ingestd" : "ingestd-under-fire", words + ["--data", data],
      environment: environment, input: Array(input.utf8), folder: folder.path)
  }

  func startWorker(
    _ order: FireOrder? = nil, bug: InjectedBug? = nil, concurrency: Int = 4, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try start(
      ["worker", "--concurrency", "\(concurrency)"], order: order, bug: bug, environment: environment)
  }

  /// Runs a program until it ends, by itself or killed by an order or a signal.
  func run(
    _ words: [String], order: FireOrder? = nil, bug: InjectedBug? = nil, input: String = "",
    environment: [String: String] = [:]
  ) async throws -> ProgramRun {
    let program = try start(words, order: order, bug: bug, input: input, environment: environment)
    let status = try await program.wait()
    if status == Self.killed { noteInterruption() }
    return ProgramRun(status: status, output: program.output, error: program.error)
  }

  /// The exit status of a killed program.
  static let killed = 128 + SIGKILL

  /// Runs all queued jobs until the queue is drained.
  func drain(_ bug: InjectedBug? = nil) async throws -> ProgramRun {
    try await run(["worker", "--drain", "--concurrency", "4"], bug: bug)
  }

  func kill(_ program: RunningProgram) async throws {
    noteInterruption()
    program.signal(SIGKILL)
    _ = try await program.wait()
  }

  /// The error when a program or the site is not as a test needs it.
  struct Unexpected: Error {
    let description: String
  }

  // MARK: - Waiting

  /// Lets the workload continue for `time`, or until `isOver`. It paces the tests; no verdict depends on it.
  /// - Returns: whether it is over.
  static func pause(_ time: Duration, unless isOver: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + time
    while !isOver(), ContinuousClock.now < end { try await Task.sleep(for: Patience.interval) }
    return isOver()
  }

  /// The points at which orders were carried out, and the other points that were visited.
  var fired: (at: [String], visited: Set<String>) {
    let text = (try? String(contentsOfFile: fireLog, encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n").map(String.init)
    return (lines.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }, Set(lines.filter { !$0.hasPrefix("!") }))
  }

  /// Returns the state letter of a process; nil if it is gone. `T` is stopped.
  static func state(of process: Int32) -> Character? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
    return text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst(2).first
  }

  /// The processes that work in this folder. All programs and their parsers have it as their working directory.
  var processes: [(id: Int32, name: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { name in
      guard let id = Int32(name),
        let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd"),
        place == folder.path, Self.state(of: id) != "Z"
      else { return nil }
      let program = (try? String(contentsOfFile: "/proc/\(id)/comm", encoding: .utf8)) ?? ""
      return (id, String(program.prefix { $0 != "\n" }))
    }
  }
}
