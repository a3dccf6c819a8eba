import IngestCore
package import IngestParserWire

/// A check of each reply of a child about one document. It is a value without I/O.
///
/// The child is not trusted, since a document may have taken control of it. It must announce the document once, send
/// its pages in order up to the last, stay within the limits, and then be silent.
package struct ParserDialogue: Sendable {
  package enum Word: Sendable {
    case info(DocumentInfo)
    case page(ParsedPage)
    /// All pages have arrived.
    case end
  }

  /// Whether the child sent its last reply for this document and is ready for the next.
  package private(set) var ended = false
  /// The page that the child is reading; nil while it opens the document.
  package private(set) var page: Int?

  private let name: String
  private let firstPage: Int
  private let limits: ParserLimits
  private var pageCount = 0
  private var textBytes = 0

  /// Maximum number of Unicode scalars in the detail of a refusal.
  private static let detailLimit = 300

  package init(name: String, firstPage: Int, limits: ParserLimits) {
    self.name = name
    self.firstPage = firstPage
    self.limits = limits
  }

  /// Checks a reply.
  /// - Throws: the refusal that the child reports, or ``DocumentError/parserCrashed(name:page:how:)`` for an impossible
  ///   reply.
  package mutating func take(_ reply: ParserReply) throws(DocumentError) -> Word {
    guard !ended else {
      ended = false
      throw lie("sent more after its last reply")
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
