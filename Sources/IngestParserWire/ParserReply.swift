/// What the parser answers: its hello at start; then for each request one ``document``, its pages one by one, and at last
/// ``done`` or ``refused``.
package enum ParserReply: Hashable, Sendable {
  /// Sent once the sandbox is closed.
  case hello(version: String)
  case document(WireDocument)
  case page(WirePage)
  case done
  case refused(WireRefusal)
}

/// What is known of a document before its pages.
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
  /// From 1.
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
  /// 1 to 6.
  package var level: Int
  package var title: String

  package init(offset: Int, level: Int, title: String) {
    self.offset = offset
    self.level = level
    self.title = title
  }
}

/// Why the parser gave a document up, alive and well itself.
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
  /// Where it happened, from 1; nil before the first.
  package var page: Int?
  /// What the library said, or a count.
  package var detail: String

  package init(reason: Reason, page: Int? = nil, detail: String = "") {
    self.reason = reason
    self.page = page
    self.detail = detail
  }
}
