import IngestParserWire
import IngestProcess

/// The parse of one document by one child.
struct ParseRun {
  let job: ParseJob
  private var dialogue: ParserDialogue
  private var waited: Duration = .zero

  /// The exit status with which the child reports a failed allocation; see `ingestd-parse`.
  static let outOfMemoryStatus: Int32 = 71

  init(job: ParseJob) {
    self.job = job
    dialogue = ParserDialogue(name: job.name, firstPage: job.firstPage, limits: job.limits)
  }

  /// Whether the child sent its last reply for this document.
  var ended: Bool { dialogue.ended }
  private var page: Int? { dialogue.page }

  var request: ParserRequest {
    ParserRequest(
      size: job.size, firstPage: job.firstPage, pageLimit: job.limits.pages, textLimit: job.limits.text,
      ratioLimit: job.limits.ratio, password: job.password)
  }

  mutating func follow(_ child: ParserChild, deliver: (ParseEvent) async throws -> Void) async throws {
    let clock = ContinuousClock()
    while !ended {
      let begun = clock.now
      let replies: [ParserReply]
      do {
        replies = try await child.replies(within: min(job.limits.pageTime, job.limits.wallTime - waited))
      } catch {
        throw try await failure(error, of: child)
      }
      waited += clock.now - begun
      var pages: [ParsedPage] = []
      for reply in replies {
        do {
          switch try dialogue.take(reply) {
          case .info(let info): try await deliver(.info(info))
          case .page(let page): pages.append(page)
          case .end: break
          }
        } catch {
          // The pages before the bad reply are good.
          if !pages.isEmpty { try await deliver(.part(ParsedPart(pages: pages))) }
          throw error
        }
      }
      if !pages.isEmpty { try await deliver(.part(ParsedPart(pages: pages))) }
    }
  }

  /// Returns the error for this document when the dialogue with the child ended early.
  private func failure(_ error: any Error, of child: ParserChild) async throws -> DocumentError {
    switch error {
    case ProcessError.timedOut:
      let limit =
        waited + job.limits.pageTime > job.limits.wallTime
        ? "\(job.limits.wallTime) for a document" : "\(job.limits.pageTime) for a page"
      return .parserTimedOut(name: job.name, page: page, limit: limit)
    case ProcessError.closed:
      let status = await child.process.exit()
      try Task.checkCancellation()
      switch status {
      case .signalled(Self.processorLimitSignal):
        return .parserTimedOut(
          name: job.name, page: page, limit: "\(job.limits.processorTime) of processor time")
      case .exited(Self.outOfMemoryStatus):
        return .parserOutOfMemory(name: job.name, page: page, limit: job.limits.memory)
      default:
        return .parserCrashed(name: job.name, page: page, how: ParserChild.describe(status))
      }
    case let malformed as MalformedBytes:
      return .parserCrashed(name: job.name, page: page, how: "sent invalid bytes (\(malformed.what))")
    default:
      return .parserFailed(detail: "\(error)")
    }
  }

  /// SIGXCPU.
  private static let processorLimitSignal: Int32 = 24
}
