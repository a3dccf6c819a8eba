/// The clean text of one page, or of a document without pages.
package struct ParsedPage: Hashable, Sendable {
  /// Page number from 1; nil for texts without pages.
  package var number: Int?
  package var text: String
  /// Headings in the order of the text.
  package var headings: [Heading]

  package init(number: Int?, text: String, headings: [Heading] = []) {
    self.number = number
    self.text = text
    self.headings = headings
  }
}

/// A heading in the text.
package struct Heading: Codable, Hashable, Sendable {
  /// Unicode scalars from the start of the page's text; in a ``DocumentText``, from the start of the document's text.
  package var offset: Int
  /// From 1, the outermost, to 6.
  package var level: Int
  /// The title as shown, on one line.
  package var title: String

  package init(offset: Int, level: Int, title: String) {
    self.offset = offset
    self.level = level
    self.title = title
  }
}
