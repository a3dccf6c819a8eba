/// Information about a document as a whole.
package struct DocumentInfo: Hashable, Sendable {
  package var type: MediaType
  /// Number of pages; nil for texts without pages.
  package var pageCount: Int?
  /// The title that the document gives itself; empty if it has none.
  package var title: String
  package var author: String

  package init(type: MediaType, pageCount: Int? = nil, title: String = "", author: String = "") {
    self.type = type
    self.pageCount = pageCount
    self.title = title
    self.author = author
  }
}
