import FoundationEssentials
private import Glibc
package import IngestCore
import IngestProcess

/// `exec`: runs a program of the user's. It is told what to do as JSON on standard input, leaves its result as JSON on standard
/// output, and says by its exit status whether and how it failed. `docs/workflows.md` has the contract.
package struct ExecStep: Step {
  package static let declaration = StepKind(
    "exec", "Runs a program of yours: JSON in, JSON out.",
    settings: [
      StepSetting(
        "command", .list(.text(maximum: 4096), 1...100), isRequired: true, "The program and its arguments; no shell."),
      StepSetting("env", .map(.variable, .text(maximum: 4096)), "Variables that it is given."),
      StepSetting(
        "pass-env", .list(.variable, 1...100), "Variables that it is given as the worker has them; for secrets."),
      StepSetting("cwd", .absolutePath, "Where it runs; an empty folder of its own for each try by default."),
      StepSetting(
        "stdin", .choice(["json", "content"]), asks: .init("content", .document),
        "What its standard input is; `json` by default."),
      StepSetting(
        "memory", .size(ByteSize(bytes: 4 << 20)...ByteSize(bytes: 1 << 40)),
        "The most private memory that each of its processes may have."),
      StepSetting("cpu", .duration(.seconds(1) ... .seconds(7 * 86_400)), "The most processor time of each process."),
      StepSetting(
        "exit", .map(.choice(ToldFailure.kinds.map(\.rawValue)), .list(.integer(1...255), 1...255)),
        "Which exit statuses mean which kind of failure."),
    ])
  let services: StepServices

  /// What the program may print: its result may be written with more white space than is kept.
  static let outputLimit = 64 * 1024
  /// Which descriptors it is given beside the three that every program has.
  private static let (content, input, saves) = ("/dev/fd/3", "/dev/fd/4", "/dev/fd/5")

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let command = try ProgramCommand(input, environment: services.environment)
    let folder = try command.folder.map { TemporaryFolder(kept: $0) } ?? TemporaryFolder.make()
    defer { folder.remove() }
    let content = try await content(of: input)
    let message = input.message(content: content.map { Self.told($0.task) })
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
      // What it said before it was stopped is what one wants to read then; a lost lease may not write it.
      if let save = journal.close() { try? await context.save(save) }
      throw Self.told(error, program: command.program)
    }
    if let save = journal.close() { try await context.save(save) }
    return StepOutput(result: try ProgramVerdict(command, end, lastLine: journal.lastLine).result())
  }

  /// Runs the program, and commits what it says at most once a second.
  private func run(
    _ request: ProgramRequest, _ journal: ProgramJournal, _ context: StepContext
  ) async throws -> ProgramEnd {
    try await withThrowingTaskGroup(of: ProgramEnd?.self) { group in
      group.addTask { try await request.run { journal.hear($0) } }
      group.addTask {
        for await _ in journal.bell {
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
    do { return try MemoryFile.make(bytes) } catch { throw told(error, program: "the program") }
  }

  private static func told(_ content: (hash: ContentHash, size: Int)) -> JSONValue {
    .object(["path": .text(Self.content), "sha256": .text(content.hash.rawValue), "size": .integer(content.size)])
  }

  /// What the system refused.
  private static func told(_ error: any Error, program: String) -> any Error {
    switch error {
    case ProcessError.spawn(_, let code) where [ENOENT, EACCES, ENOEXEC, ENOTDIR].contains(code):
      ProgramCommand.notFound(program, "it, or the folder it is to run in, cannot be used")
    case let error as ProcessError:
      Failure(
        .transient, code: "EXEC_NOT_STARTED", "\(program) could not be started: \(error).",
        hint: "See how many processes, files and how much memory this user may have.")
    default: error
    }
  }
}

/// Where one try of a program runs.
private struct TemporaryFolder {
  let path: String
  private let isOurs: Bool

  /// One of the user's.
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
        .transient, code: "EXEC_NOT_STARTED", "No folder can be made for the program: \(error).",
        hint: "Make room in the temporary folder, or set `cwd`.")
    }
    return TemporaryFolder(made: url.path)
  }

  func remove() {
    if isOurs { try? FileManager.default.removeItem(atPath: path) }
  }
}
