import IngestCore
package import IngestParserWire

/// What a child says of one document, judged word by word: a value without I/O.
///
/// The child is not believed, since a document may have taken it over: it announces the document once, sends its pages one
/// after another up to the last, stays within the limits, and then is silent.
package struct ParserDialogue: Sendable {
  package enum Word: Sendable {
    case info(DocumentInfo)
    case page(ParsedPage)
    /// All pages have come.
    case end
  }

  /// The child said its last word on this document; it stands ready for the next.
  package private(set) var ended = false
  /// The page in work; nil while the document is being opened.
  package private(set) var page: Int?

  private let name: String
  private let firstPage: Int
  private let limits: ParserLimits
  private var pageCount = 0
  private var textBytes = 0

  /// Unicode scalars of what a refusal says, at most.
  private static let detailLimit = 300

  package init(name: String, firstPage: Int, limits: ParserLimits) {
    self.name = name
    self.firstPage = firstPage
    self.limits = limits
  }

  /// - Throws: the refusal that the child tells, or ``DocumentError/parserCrashed(name:page:how:)`` for what cannot be meant.
  package mutating func take(_ reply: ParserReply) throws(DocumentError) -> Word {
    guard !ended else {
      ended = false
      throw lie("went on after its last word")
    }
    switch reply {
    case .document(let document): return .info(try begin(document))
    case .page(let next): return .page(try accept(next))
    case .done:
      guard let page, page > pageCount else { throw lie("ended before the last page") }
      ended = true
      return .end
    case .refused(let refusal):
      ended = true
      throw refused(refusal)
    case .hello: throw lie("said hello twice")
    }
  }

  private mutating func begin(_ document: WireDocument) throws(DocumentError) -> DocumentInfo {
    guard page == nil else { throw lie("began twice") }
    guard document.pageCount <= limits.pages else { throw lie("announced \(document.pageCount) pages") }
    pageCount = document.pageCount
    page = firstPage
    try count(document.title.utf8.count + document.author.utf8.count)
    return DocumentInfo(type: .pdf, pageCount: pageCount, title: document.title, author: document.author)
  }

  private mutating func accept(_ next: WirePage) throws(DocumentError) -> ParsedPage {
    guard next.number == page, next.number <= pageCount else { throw lie("sent page \(next.number) out of turn") }
    try count(next.headings.reduce(next.text.utf8.count) { $0 + $1.title.utf8.count })
    page = next.number + 1
    return ParsedPage(
      number: next.number, text: next.text,
      headings: next.headings.map { Heading(offset: $0.offset, level: $0.level, title: $0.title) })
  }

  private mutating func count(_ bytes: Int) throws(DocumentError) {
    textBytes += bytes
    guard textBytes <= limits.text else {
      throw .tooMuchText(name: name, page: page, detail: "more than \(limits.text) bytes")
    }
  }

  private func lie(_ how: String) -> DocumentError { .parserCrashed(name: name, page: page, how: how) }

  private func refused(_ refusal: WireRefusal) -> DocumentError {
    let detail = refusal.detail.start(scalars: Self.detailLimit).visible
    return switch refusal.reason {
    case .damaged: .damaged(name: name, page: refusal.page, detail: detail)
    case .encrypted: .encrypted(name: name)
    case .wrongPassword: .wrongPassword(name: name)
    case .noPages: .noPages(name: name)
    case .tooManyPages: .tooManyPages(name: name, pages: Int(detail) ?? 0, limit: limits.pages)
    case .tooMuchText: .tooMuchText(name: name, page: refusal.page, detail: detail)
    case .badRequest: .parserFailed(detail: detail)
    }
  }
}
