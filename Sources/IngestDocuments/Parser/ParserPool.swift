import IngestParserWire
package import IngestProcess

/// A document on its way to the parser.
package struct ParseJob: Sendable {
  /// For messages.
  package var name: String
  /// A regular file, read from its start; it stays the caller's.
  package var descriptor: Descriptor
  /// Bytes.
  package var size: Int
  package var password: [UInt8]?
  /// From 1; the pages before are not read again.
  package var firstPage: Int
  package var limits: ParserLimits

  package init(
    name: String, descriptor: Descriptor, size: Int, password: [UInt8]? = nil, firstPage: Int = 1,
    limits: ParserLimits = .init()
  ) {
    self.name = name
    self.descriptor = descriptor
    self.size = size
    self.password = password
    self.firstPage = firstPage
    self.limits = limits
  }
}

/// What comes out of a document as it is read.
package enum ParseEvent: Sendable {
  /// Once, before any page.
  case info(DocumentInfo)
  /// Pages in order, as many as had arrived.
  case part(ParsedPart)
}

/// Keeps up to `size` parser children warm and gives each document to one of them.
///
/// A child that dies, hangs or eats memory takes only its own document with it; the next one gets a fresh child.
package actor ParserPool {
  package nonisolated let size: Int
  private let program: @Sendable () throws -> String
  private let recycling: ParserRecycling
  private var idle: [ParserChild] = []
  /// The process numbers of the children that read a document now.
  package private(set) var processesAtWork: Set<Int32> = []
  private nonisolated let slots: Slots

  /// - Parameters:
  ///   - size: children at once, at least 1.
  ///   - program: the path of `ingestd-parse`; nil looks beside the running program when the first document comes.
  package init(size: Int, program: String? = nil, recycling: ParserRecycling = .init()) {
    self.size = max(1, size)
    slots = Slots(max(1, size))
    self.recycling = recycling
    self.program = { if let program { program } else { try ParserProgram.locate() } }
  }

  /// Reads a document, page by page.
  ///
  /// Pages before a bad one have been delivered when this throws. Cancelling the task ends the child.
  /// - Throws: ``DocumentError``, what `deliver` throws, or `CancellationError`.
  package nonisolated func parse(_ job: ParseJob, deliver: (ParseEvent) async throws -> Void) async throws {
    try await slots.take()
    defer { slots.give() }
    var run = ParseRun(job: job)
    do {
      var child = try await take()
      do {
        try await child.begin(run.request, descriptor: job.descriptor.number, limits: job.limits)
      } catch {
        // It died while it had nothing to do, which says nothing about this document.
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
        // After a refusal it stands ready for the next document; after anything else nobody knows what it would send.
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

  /// Ends the children that have nothing to do.
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
