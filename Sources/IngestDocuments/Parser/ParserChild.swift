import Glibc
import IngestParserWire
import IngestProcess

/// One running `ingestd-parse`. It is an actor with its own thread, because it waits in system calls.
actor ParserChild {
  /// Time limit of a start. It includes loading about fifty libraries on a busy machine.
  private static let startTime: Duration = .seconds(30)

  private let executor: ThreadExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  nonisolated let process: ChildProcess
  private let channel: Channel
  private var buffer: [UInt8] = []
  private var position = 0
  /// Number of documents that were begun.
  private(set) var served = 0

  private init(process: ChildProcess, channel: Channel, executor: ThreadExecutor) {
    self.process = process
    self.channel = channel
    self.executor = executor
  }

  /// Starts a child and waits for its hello, which the child sends from inside its sandbox.
  static func start(program: String) async throws -> ParserChild {
    let (ours, process) = try await launch(program)
    let child = ParserChild(process: process, channel: ours, executor: ThreadExecutor(name: "parser"))
    do {
      try await child.greet(program: program)
    } catch {
      process.kill()
      throw error
    }
    return child
  }

  private static func launch(_ program: String) async throws(DocumentError) -> (Channel, ChildProcess) {
    do {
      let (ours, theirs) = try Channel.pair()
      // The child does not get our environment. Poppler allocates and frees very many small objects, so the allocator's
      // larger per-thread cache saves a sixth of its time.
      let request = SpawnRequest(
        program: program, environment: ["LC_ALL=C.UTF-8", "GLIBC_TUNABLES=glibc.malloc.tcache_count=2000"],
        descriptors: [theirs.socket, nil, nil])
      return (ours, try await Spawner.shared.spawn(request))
    } catch ProcessError.spawn(let program, ENOENT) {
      throw .parserMissing(looked: [program])
    } catch {
      throw .parserFailed(detail: "\(error)")
    }
  }

  private func greet(program: String) async throws {
    do {
      guard case .hello(let version) = try receive(within: Self.startTime) else {
        throw DocumentError.parserMismatch(program: program, detail: "it did not say hello")
      }
      guard version == ProgramVersion.text else {
        throw DocumentError.parserMismatch(
          program: program, detail: "it is version \(version) and this is \(ProgramVersion.text)")
      }
    } catch let error as MalformedBytes {
      throw DocumentError.parserMismatch(program: program, detail: error.what)
    } catch ProcessError.closed {
      throw DocumentError.parserFailed(detail: "\(program) \(Self.describe(await process.exit())) at its start")
    } catch let error as ProcessError {
      throw DocumentError.parserFailed(detail: "\(program): \(error)")
    }
  }

  /// Sends the child a document. The child's limits are raised by what this document may use, since processor time
  /// accumulates.
  func begin(_ request: ParserRequest, descriptor: Int32, limits: ParserLimits) throws(ProcessError) {
    guard let used = process.processorTime else { throw .closed }
    let seconds = (used + limits.processorTime).components.seconds + 1
    process.limit(.processorTime, to: UInt64(max(1, seconds)))
    process.limit(.memory, to: UInt64(clamping: limits.memory + request.size))
    buffer.removeAll(keepingCapacity: true)
    position = 0
    served += 1
    try channel.send(Frame.encode(request), passing: descriptor)
  }

  /// Returns the replies that have arrived, at least one.
  func replies(within time: Duration) throws -> [ParserReply] {
    var replies = [try receive(within: time)]
    while let next = try Frame.nextReply(in: buffer, at: &position) { replies.append(next) }
    return replies
  }

  private func receive(within time: Duration) throws -> ParserReply {
    while true {
      if let reply = try Frame.nextReply(in: buffer, at: &position) { return reply }
      if position > 0 {
        buffer.removeFirst(position)
        position = 0
      }
      if let stray = try channel.receive(into: &buffer, within: time) { close(stray) }
    }
  }

  /// Resident bytes now; 0 if unknown.
  nonisolated var resident: Int {
    let file = open("/proc/\(process.pid)/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var room = [UInt8](repeating: 0, count: 128)
    let count = read(file, &room, room.count)
    let fields = String(decoding: room.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  static func describe(_ status: ExitStatus) -> String {
    switch status {
    case .exited(let code): "ended with status \(code)"
    case .signalled(let signal): "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
  }
}
