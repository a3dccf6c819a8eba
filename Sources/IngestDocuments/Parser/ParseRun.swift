import IngestParserWire
import IngestProcess

/// One document's way through a child.
struct ParseRun {
  let job: ParseJob
  /// The child said its last word on this document.
  private(set) var ended = false
  /// The page in work; nil while the document is being opened.
  private var page: Int?
  private var pageCount = 0
  private var textBytes = 0
  private var waited: Duration = .zero

  /// The status with which the child says that an allocation failed; see `ingestd-parse`.
  static let outOfMemoryStatus: Int32 = 71

  init(job: ParseJob) { self.job = job }

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
        switch reply {
        case .page(let next): pages.append(try accept(next))
        case .document(let document):
          pageCount = document.pageCount
          page = job.firstPage
          try await deliver(
            .info(
              DocumentInfo(
                type: .pdf, pageCount: document.pageCount, title: document.title, author: document.author)))
        case .done: ended = true
        case .refused(let refusal):
          ended = true
          if !pages.isEmpty { try await deliver(.part(ParsedPart(pages: pages))) }
          throw refused(refusal)
        case .hello: throw DocumentError.parserFailed(detail: "it said hello twice")
        }
      }
      if !pages.isEmpty { try await deliver(.part(ParsedPart(pages: pages))) }
    }
  }

  /// The child is not believed: its pages must follow one another, and its text must stay within the limit.
  private mutating func accept(_ next: WirePage) throws -> ParsedPage {
    guard next.number == page, next.number <= pageCount else {
      throw DocumentError.parserFailed(detail: "page \(next.number) came out of turn")
    }
    page = next.number + 1
    textBytes += next.text.utf8.count
    guard textBytes <= job.limits.text else {
      throw DocumentError.tooMuchText(name: job.name, page: next.number, detail: "more than \(job.limits.text) bytes")
    }
    return ParsedPage(
      number: next.number, text: next.text,
      headings: next.headings.map { Heading(offset: $0.offset, level: $0.level, title: $0.title) })
  }

  private func refused(_ refusal: WireRefusal) -> DocumentError {
    switch refusal.reason {
    case .damaged: .damaged(name: job.name, page: refusal.page, detail: refusal.detail)
    case .encrypted: .encrypted(name: job.name)
    case .wrongPassword: .wrongPassword(name: job.name)
    case .noPages: .noPages(name: job.name)
    case .tooManyPages: .tooManyPages(name: job.name, pages: Int(refusal.detail) ?? 0, limit: job.limits.pages)
    case .tooMuchText: .tooMuchText(name: job.name, page: refusal.page, detail: refusal.detail)
    case .badRequest: .parserFailed(detail: refusal.detail)
    }
  }

  /// What the end of the conversation means for this document.
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
      return .parserCrashed(name: job.name, page: page, how: "sent bytes that make no sense (\(malformed.what))")
    default:
      return .parserFailed(detail: "\(error)")
    }
  }

  /// SIGXCPU.
  private static let processorLimitSignal: Int32 = 24
}
