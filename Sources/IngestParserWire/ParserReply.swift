/// A reply of the parser. It sends a hello at the start. For each request it sends one ``document``, then the pages one
/// by one, then ``done`` or ``refused``.
package enum ParserReply: Hashable, Sendable {
  /// Sent once the sandbox is active.
  case hello(version: String)
  case document(WireDocument)
  case page(WirePage)
  case done
  case refused(WireRefusal)
}

/// Information about a document before its pages.
package struct WireDocument: Hashable, Sendable {
  package var pageCount: Int
  package var title: String
  package var author: String

  package init(pageCount: Int, title: String, author: String) {
    self.pageCount = pageCount
    self.title = title
    self.author = author
  }
}

package struct WirePage: Hashable, Sendable {
  /// Page number from 1.
  package var number: Int
  package var text: String
  package var headings: [WireHeading]

  package init(number: Int, text: String, headings: [WireHeading]) {
    self.number = number
    self.text = text
    self.headings = headings
  }
}

package struct WireHeading: Hashable, Sendable {
  /// Unicode scalars from the start of the page's text.
  package var offset: Int
  /// From 1 to 6.
  package var level: Int
  package var title: String

  package init(offset: Int, level: Int, title: String) {
    self.offset = offset
    self.level = level
    self.title = title
  }
}

/// The reason why the parser refused a document. The parser itself keeps working.
package struct WireRefusal: Hashable, Sendable {
  package enum Reason: UInt8, Sendable, CaseIterable {
    case damaged = 1
    case encrypted
    case wrongPassword
    case noPages
    case tooManyPages
    case tooMuchText
    case badRequest
  }

  package var reason: Reason
  /// The page with the problem, from 1; nil before the first.
  package var page: Int?
  /// The library's message, or a count.
  package var detail: String

  package init(reason: Reason, page: Int? = nil, detail: String = "") {
    self.reason = reason
    self.page = page
    self.detail = detail
  }
}
