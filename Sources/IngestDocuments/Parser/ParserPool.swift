package import IngestProcess

/// A document to be parsed.
package struct ParseJob: Sendable {
  /// The name used in messages.
  package var name: String
  /// A regular file, read from its start. The caller keeps ownership.
  package var descriptor: Descriptor
  /// Size in bytes.
  package var size: Int
  package var password: [UInt8]?
  /// The first page to read, from 1. Pages before it are not read again.
  package var firstPage: Int = 1
  package var limits: ParserLimits = .init()
}

/// An event while a document is read.
package enum ParseEvent: Sendable {
  /// Information about the document. It comes once, before any page.
  case info(DocumentInfo)
  /// Pages in order, as many as had arrived.
  case part(ParsedPart)
}

/// A pool that keeps up to `size` parser children warm and gives each document to one of them.
///
/// If a child dies, hangs or uses too much memory, only its own document fails. The next one gets a fresh child.
package actor ParserPool {
  package nonisolated let size: Int
  private let program: @Sendable () throws -> String
  private let recycling: ParserRecycling
  private var idle: [ParserChild] = []
  /// The process ids of the children that are reading a document.
  package private(set) var processesAtWork: Set<Int32> = []
  private nonisolated let slots: Slots

  /// - Parameters:
  ///   - size: number of children at once, at least 1.
  ///   - program: the path of `ingestd-parse`; nil searches beside the running program when the first document arrives.
  package init(size: Int, program: String? = nil, recycling: ParserRecycling = .init()) {
    self.size = max(1, size)
    slots = Slots(max(1, size))
    self.recycling = recycling
    self.program = { if let program { program } else { try ParserProgram.locate() } }
  }

  /// Reads a document page by page.
  ///
  /// Pages before a bad one have been delivered when this throws. Cancelling the task kills the child.
  /// - Throws: ``DocumentError``, errors of `deliver`, or `CancellationError`.
  package nonisolated func parse(_ job: ParseJob, deliver: (ParseEvent) async throws -> Void) async throws {
    try await slots.take()
    defer { slots.give() }
    var run = ParseRun(job: job)
    do {
      var child = try await take()
      do {
        try await child.begin(run.request, descriptor: job.descriptor.number, limits: job.limits)
      } catch {
        // The child died while it was idle, which says nothing about this document.
        child.process.kill()
        child = try await ParserChild.start(program: program())
        try await child.begin(run.request, descriptor: job.descriptor.number, limits: job.limits)
      }
      let process = child.process
      await begin(process.pid)
      do {
        try await withTaskCancellationHandler {
          try await run.follow(child, deliver: deliver)
        } onCancel: {
          process.kill()
        }
      } catch {
        // After a refusal the child is ready for the next document. After any other error its next output is unknown.
        await end(process.pid)
        if run.ended { await keep(child) } else { process.kill() }
        throw error
      }
      await end(process.pid)
      await keep(child)
    } catch {
      if Task.isCancelled { throw CancellationError() }
      throw error
    }
  }

  /// Kills the idle children.
  package func close() {
    for child in idle { child.process.kill() }
    idle = []
  }

  private func begin(_ pid: Int32) { processesAtWork.insert(pid) }

  private func end(_ pid: Int32) { processesAtWork.remove(pid) }

  private func take() async throws -> ParserChild {
    while let child = idle.popLast() {
      if child.process.status == nil { return child }
    }
    return try await ParserChild.start(program: program())
  }

  private func keep(_ child: ParserChild) async {
    guard await child.served < recycling.documents, child.resident < recycling.resident else {
      child.process.kill()
      return
    }
    idle.append(child)
  }
}
