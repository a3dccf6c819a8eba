package import IngestCore
package import IngestDocuments

/// The text and chunks of a file, as a job would store them.
package struct DocumentPreview: Sendable {
  package struct Page: Sendable {
    /// From 1; nil for texts without pages.
    package var number: Int?
    /// The page's offset in the document's text, in Unicode scalars.
    package var start: Int
    /// Their offsets count from the start of the page.
    package var headings: [Heading]
    package var text: String

    package init(number: Int?, start: Int, headings: [Heading], text: String) {
      self.number = number
      self.start = start
      self.headings = headings
      self.text = text
    }
  }

  /// For example `pdf`; nil if the reader did not say.
  package var type: String?
  /// The document's own title; empty if it has none.
  package var title: String
  package var pages: [Page]
  /// The length of the text in Unicode scalars.
  package var characters: Int
  /// Nil if the caller did not ask for chunks.
  package var chunks: [Chunk]?

  package init(type: String?, title: String, pages: [Page], characters: Int, chunks: [Chunk]?) {
    self.type = type
    self.title = title
    self.pages = pages
    self.characters = characters
    self.chunks = chunks
  }
}
