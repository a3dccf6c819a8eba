internal import Dispatch
private import Glibc
private import Synchronization

/// A request to run a program once, to its end.
package struct ProgramRequest: Sendable {
  package var program: String
  /// The arguments without the program's own name.
  package var arguments: [String]
  /// Entries `NAME=value`. The program inherits no other variables.
  package var environment: [String]
  package var folder: String
  package var standardInput: Descriptor?
  /// The program's descriptors from 3 on. Nil means `/dev/null`.
  package var descriptors: [Descriptor?]
  /// The most bytes on standard output. A program that prints more is killed.
  package var outputLimit: Int
  /// The time that the processes have to end after they were asked to; then they are killed.
  package var grace: Duration

  package init(
    program: String, arguments: [String] = [], environment: [String] = [], folder: String = "/",
    standardInput: Descriptor? = nil, descriptors: [Descriptor?] = [], outputLimit: Int = 64 * 1024,
    grace: Duration = .milliseconds(500)
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.standardInput = standardInput
    self.descriptors = descriptors
    self.outputLimit = outputLimit
    self.grace = grace
  }
}

/// The way in which a program ended.
package struct ProgramEnd: Hashable, Sendable {
  package var status: ExitStatus
  /// The standard output, up to the limit.
  package var output: [UInt8]
  /// Whether the program printed more than the limit and was killed for it.
  package var isTooLong: Bool

  package init(status: ExitStatus, output: [UInt8], isTooLong: Bool = false) {
    self.status = status
    self.output = output
    self.isTooLong = isTooLong
  }
}

/// A piece of data that a running program writes, other than its standard output.
package enum ProgramWord: Hashable, Sendable {
  /// Written to standard error.
  case error([UInt8])
  /// Written to the first descriptor after those in ``ProgramRequest/descriptors``.
  case message([UInt8])
}

extension ProgramRequest {
  /// Runs the program. Returns when it and all processes in its group have ended.
  ///
  /// If the task is cancelled, the whole group is asked to end, and is killed after ``grace``.
  /// - Parameter hear: called for each piece of standard error and of messages, one at a time. The program waits
  ///   meanwhile if its pipe is full.
  /// - Throws: ``ProcessError``, or `CancellationError` after everything has ended.
  package func run(_ hear: @escaping @Sendable (ProgramWord) -> Void) async throws -> ProgramEnd {
    try Task.checkCancellation()
    let group = try await ProcessGroup.make()
    do {
      let end = try await run(in: group, hear)
      try Task.checkCancellation()
      return end
    } catch {
      await group.end()
      throw error
    }
  }

  private func run(
    in group: ProcessGroup, _ hear: @escaping @Sendable (ProgramWord) -> Void
  ) async throws(ProcessError) -> ProgramEnd {
    let queue = DispatchQueue(label: "program")
    let output = Output(limit: outputLimit)
    let (outputReader, standardOutput) = try PipeReader.make(on: queue) { bytes in
      if !output.add(bytes) { group.kill() }
    }
    let (errorReader, standardError) = try PipeReader.make(on: queue) { hear(.error(Array($0))) }
    let (messageReader, messages) = try PipeReader.make(on: queue) { hear(.message(Array($0))) }
    let child = try await start(
      [standardInput, standardOutput, standardError] + descriptors + [messages], in: group)
    let status = await withTaskCancellationHandler {
      await child.exit()
    } onCancel: {
      group.terminate()
      queue.asyncAfter(deadline: .now() + .microseconds(Int(clamping: grace.wholeMicroseconds))) { group.kill() }
    }
    // Processes that the program left running would hold its pipes open and outlive the step.
    await group.end()
    await withCheckedContinuation { continuation in
      queue.async {
        for reader in [outputReader, errorReader, messageReader] { reader.drain() }
        continuation.resume()
      }
    }
    let (bytes, isTooLong) = output.end
    return ProgramEnd(status: status, output: bytes, isTooLong: isTooLong)
  }

  /// Starts the child. On return this process has closed its copies of the child's pipe ends, so the readers see when
  /// the child closes its own.
  private func start(_ descriptors: [Descriptor?], in group: ProcessGroup) async throws(ProcessError) -> ChildProcess {
    var request = SpawnRequest(
      program: program, arguments: arguments, environment: environment, descriptors: descriptors)
    request.folder = folder
    request.group = group.number
    return try await Spawner.shared.spawn(request)
  }
}

/// The standard output, up to its limit.
private final class Output: Sendable {
  private let limit: Int
  private let state = Mutex<(bytes: [UInt8], isTooLong: Bool)>(([], false))

  init(limit: Int) { self.limit = limit }

  var end: ([UInt8], Bool) { state.withLock { ($0.bytes, $0.isTooLong) } }

  /// Appends the bytes that fit.
  /// - Returns: whether the output is still within the limit.
  func add(_ bytes: ArraySlice<UInt8>) -> Bool {
    state.withLock { state in
      let room = limit - state.bytes.count
      state.bytes += bytes.prefix(room)
      if bytes.count > room { state.isTooLong = true }
      return !state.isTooLong
    }
  }
}

extension Duration {
  fileprivate var wholeMicroseconds: Int64 {
    let (seconds, attoseconds) = components
    return min(seconds, 1_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}
