/// What is known of a document as a whole.
package struct DocumentInfo: Hashable, Sendable {
  package var type: MediaType
  /// Nil for texts without pages.
  package var pageCount: Int?
  /// As the document calls itself; empty where it does not.
  package var title: String
  package var author: String

  package init(type: MediaType, pageCount: Int? = nil, title: String = "", author: String = "") {
    self.type = type
    self.pageCount = pageCount
    self.title = title
    self.author = author
  }
}
