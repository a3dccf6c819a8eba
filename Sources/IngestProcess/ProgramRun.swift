internal import Dispatch
private import Glibc
private import Synchronization

/// A program to be run once, to its end.
package struct ProgramRequest: Sendable {
  package var program: String
  /// Without the program's own name.
  package var arguments: [String]
  /// `NAME=value`; nothing is inherited.
  package var environment: [String]
  package var folder: String
  package var standardInput: Descriptor?
  /// The descriptors from 3 on; nil for `/dev/null`.
  package var descriptors: [Descriptor?]
  /// Bytes on standard output, at most; one that prints more is killed.
  package var outputLimit: Int
  /// How long those who are asked to end may take; then they are killed.
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

/// How a program ended.
package struct ProgramEnd: Hashable, Sendable {
  package var status: ExitStatus
  /// What it printed on standard output, up to the limit.
  package var output: [UInt8]
  /// It printed more, and was killed for it.
  package var isTooLong: Bool

  package init(status: ExitStatus, output: [UInt8], isTooLong: Bool = false) {
    self.status = status
    self.output = output
    self.isTooLong = isTooLong
  }
}

/// What a running program says beside its output.
package enum ProgramWord: Hashable, Sendable {
  /// On standard error.
  case error([UInt8])
  /// On the descriptor after those that it was given.
  case message([UInt8])
}

extension ProgramRequest {
  /// Runs the program and returns when it has ended, and all that it started in its group with it.
  ///
  /// Cancelling the task asks the whole group to end, and kills it after ``grace``.
  /// - Parameter hear: called for each piece of standard error and of messages, one at a time; the program waits meanwhile.
  /// - Throws: ``ProcessError``; `CancellationError` once everything has ended.
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
    let (printed, standardOutput) = try PipeReader.make(on: queue) { bytes in
      if !output.add(bytes) { group.kill() }
    }
    let (complained, standardError) = try PipeReader.make(on: queue) { hear(.error(Array($0))) }
    let (told, messages) = try PipeReader.make(on: queue) { hear(.message(Array($0))) }
    let child = try await start(
      [standardInput, standardOutput, standardError] + descriptors + [messages], in: group)
    let status = await withTaskCancellationHandler {
      await child.exit()
    } onCancel: {
      group.terminate()
      queue.asyncAfter(deadline: .now() + .microseconds(Int(clamping: grace.wholeMicroseconds))) { group.kill() }
    }
    // What it left running would hold its pipes open, and outlive the step.
    await group.end()
    await withCheckedContinuation { continuation in
      queue.async {
        for reader in [printed, complained, told] { reader.drain() }
        continuation.resume()
      }
    }
    let (bytes, isTooLong) = output.end
    return ProgramEnd(status: status, output: bytes, isTooLong: isTooLong)
  }

  /// The child's ends of the pipes are ours no more when this returns, so that their end can be seen.
  private func start(_ descriptors: [Descriptor?], in group: ProcessGroup) async throws(ProcessError) -> ChildProcess {
    var request = SpawnRequest(
      program: program, arguments: arguments, environment: environment, descriptors: descriptors)
    request.folder = folder
    request.group = group.number
    return try await Spawner.shared.spawn(request)
  }
}

/// Standard output up to its limit.
private final class Output: Sendable {
  private let limit: Int
  private let state = Mutex<(bytes: [UInt8], isTooLong: Bool)>(([], false))

  init(limit: Int) { self.limit = limit }

  var end: ([UInt8], Bool) { state.withLock { ($0.bytes, $0.isTooLong) } }

  /// - Returns: whether it is still within the limit.
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
