package import IngestCore

/// What would be stored of a file.
package struct DocumentPreview: Sendable {
  package struct Page: Sendable {
    package struct Heading: Sendable {
      package var level: Int
      package var title: String
      /// From the page's start, in Unicode scalars.
      package var offset: Int

      package init(level: Int, title: String, offset: Int) {
        self.level = level
        self.title = title
        self.offset = offset
      }
    }

    /// From 1; nil for texts without pages.
    package var number: Int?
    /// Where it begins in the document's text, in Unicode scalars.
    package var start: Int
    package var headings: [Heading]
    package var text: String

    package init(number: Int?, start: Int, headings: [Heading], text: String) {
      self.number = number
      self.start = start
      self.headings = headings
      self.text = text
    }
  }

  /// Such as `pdf`; nil where the reader did not say.
  package var type: String?
  /// As the document calls itself; empty where it does not.
  package var title: String
  package var pages: [Page]
  /// Unicode scalars of its text.
  package var characters: Int
  /// Nil where they were not asked for.
  package var chunks: [Chunk]?

  package init(type: String?, title: String, pages: [Page], characters: Int, chunks: [Chunk]?) {
    self.type = type
    self.title = title
    self.pages = pages
    self.characters = characters
    self.chunks = chunks
  }
}
