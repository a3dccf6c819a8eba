/// A heading within a page's text.
package struct PDFHeading: Hashable, Sendable {
  /// Unicode scalars from the start of the page's text.
  package var offset: Int
  /// From 1, the outermost, to 6.
  package var level: Int
  package var title: String
}

/// A page's clean text in reading order.
package struct PDFPageText: Hashable, Sendable {
  package var text: String
  package var headings: [PDFHeading]
}
