import FoundationEssentials
private import Glibc
package import IngestCore
import IngestProcess

/// The step `exec`: runs a program of the user's. The program reads its input as JSON from standard input and prints
/// its result as JSON to standard output. Its exit status says whether and how it failed. `docs/workflows.md` has the
/// contract.
package struct ExecStep: Step {
  package static let declaration = StepKind(
    "exec", "Runs a program of yours, which reads and prints JSON.",
    settings: [
      StepSetting(
        "command", .list(.text(maximum: 4096), 1...100), isRequired: true,
        "The program and its arguments; no shell is used."),
      StepSetting("env", .map(.variable, .text(maximum: 4096)), "Environment variables of the program."),
      StepSetting(
        "pass-env", .list(.variable, 1...100),
        "Variables that it inherits from the worker's environment; use this for secrets."),
      StepSetting("cwd", .absolutePath, "The folder in which it runs; without it, a new empty folder for each try."),
      StepSetting(
        "stdin", .choice(["json", "content"]), default: "json", asks: .init("content", .document),
        "What it reads on standard input: the JSON, or the document's bytes."),
      StepSetting(
        "memory", .size(ByteSize(bytes: 4 << 20)...ByteSize(bytes: 1 << 40)),
        "The most private memory of each of its processes."),
      StepSetting(
        "cpu", .duration(.seconds(1) ... .seconds(7 * 86_400)), "The most processor time of each of its processes."),
      StepSetting(
        "exit", .map(.choice(ReportedFailure.kinds.map(\.rawValue)), .list(.integer(1...255), 1...255)),
        "The exit statuses that mean each kind of failure."),
    ])
  let services: StepServices

  /// The most bytes of standard output. More than the limit of a result, because the program may print white space that
  /// is not stored.
  static let outputLimit = 64 * 1024
  /// The paths of the descriptors that the program gets beside the three that every program has.
  private static let (content, input, saves) = ("/dev/fd/3", "/dev/fd/4", "/dev/fd/5")

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let command = try ProgramCommand(input, environment: services.environment)
    let folder = try command.folder.map { TemporaryFolder(kept: $0) } ?? TemporaryFolder.make()
    defer { folder.remove() }
    let content = try await content(of: input)
    let message = input.message(content: content.map { Self.describe($0.task) })
    let file = try Self.memoryFile(Array((message.description + "\n").utf8))
    var variables = [
      "INGESTD_JOB": input.job.rawValue, "INGESTD_STEP": input.step, "INGESTD_ATTEMPT": "\(input.attempt)",
      "INGESTD_IDEMPOTENCY_KEY": input.idempotencyKey, "INGESTD_INPUT": Self.input, "INGESTD_SAVE": Self.saves,
      "TMPDIR": folder.path,
    ]
    if content != nil { variables["INGESTD_CONTENT"] = Self.content }
    let (program, arguments) = try command.start(in: folder.path)
    let request = ProgramRequest(
      program: program, arguments: arguments, environment: command.environment(with: variables), folder: folder.path,
      standardInput: input.text("stdin") == "content" ? content?.file : file, descriptors: [content?.file, file],
      outputLimit: Self.outputLimit)
    let journal = ProgramJournal()
    let end: ProgramEnd
    do {
      end = try await run(request, journal, context)
    } catch {
      // Its last log lines explain why it was stopped. The save fails if the lease is lost, and then they are dropped.
      if let save = journal.close() { try? await context.save(save) }
      throw Self.failure(for: error, program: command.program)
    }
    if let save = journal.close() { try await context.save(save) }
    return StepOutput(result: try ProgramVerdict(command, end, lastLine: journal.lastLine).result())
  }

  /// Runs the program and saves its log, progress and cursor at most once a second.
  private func run(
    _ request: ProgramRequest, _ journal: ProgramJournal, _ context: StepContext
  ) async throws -> ProgramEnd {
    try await withThrowingTaskGroup(of: ProgramEnd?.self) { group in
      group.addTask { try await request.run { journal.hear($0) } }
      group.addTask {
        for await _ in journal.changes {
          if let save = journal.take() { try await context.save(save) }
          do { try await context.clock.sleep(for: .seconds(1)) } catch { break }
        }
        return nil
      }
      defer { group.cancelAll() }
      while let end = try await group.next() {
        if let end { return end }
      }
      throw CancellationError()
    }
  }

  private func content(of input: StepInput) async throws -> (file: Descriptor, task: (hash: ContentHash, size: Int))? {
    guard let task = input.contentOfTask else { return nil }
    guard task.size > Blob.rowLimit else {
      return (try Self.memoryFile(try await services.blobs.get(task.hash)), task)
    }
    return (Descriptor(owning: try await services.blobs.open(task.hash)), task)
  }

  private static func memoryFile(_ bytes: [UInt8]) throws -> Descriptor {
    do { return try MemoryFile.make(bytes) } catch { throw failure(for: error, program: "the program") }
  }

  private static func describe(_ content: (hash: ContentHash, size: Int)) -> JSONValue {
    .object(["path": .text(Self.content), "sha256": .text(content.hash.rawValue), "size": .integer(content.size)])
  }

  /// Converts an error of the operating system to a failure of the step, and returns any other error as it is.
  private static func failure(for error: any Error, program: String) -> any Error {
    switch error {
    case ProcessError.spawn(_, let code) where [ENOENT, EACCES, ENOEXEC, ENOTDIR].contains(code):
      ProgramCommand.notFound(program, "it, or the folder in which it must run, cannot be used")
    case let error as ProcessError:
      Failure(
        .transient, code: "EXEC_NOT_STARTED", "\(program) cannot be started: \(error).",
        hint: "Check this user's limits on processes, open files and memory.")
    default: error
    }
  }
}

/// The folder in which one try of a program runs.
private struct TemporaryFolder {
  let path: String
  private let isOurs: Bool

  /// Creates a value for a folder of the user's, which is not removed.
  init(kept path: String) {
    self.path = path
    isOurs = false
  }

  private init(made path: String) {
    self.path = path
    isOurs = true
  }

  static func make() throws -> TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "ingestd-exec-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(
        .transient, code: "EXEC_NOT_STARTED", "No folder can be created for the program: \(error).",
        hint: "Free space in the temporary folder, or set `cwd`.")
    }
    return TemporaryFolder(made: url.path)
  }

  func remove() {
    if isOurs { try? FileManager.default.removeItem(atPath: path) }
  }
}
