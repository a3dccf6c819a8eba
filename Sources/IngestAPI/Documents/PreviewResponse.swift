package import IngestOperations

/// One page of a file, as a job would store it.
package struct PreviewPageResponse: Codable, Hashable, Sendable {
  package struct Heading: Codable, Hashable, Sendable {
    package var level: Int
    package var title: String
    /// The offset from the page's start, in Unicode scalars.
    package var offset: Int
  }

  package var type: String?
  package var page: Int?
  /// The page's offset in the document's text, in Unicode scalars.
  package var start: Int
  package var headings: [Heading]
  package var text: String

  package init(_ page: DocumentPreview.Page, of preview: DocumentPreview) {
    type = preview.type
    self.page = page.number
    start = page.start
    headings = page.headings.map { Heading(level: $0.level, title: $0.title, offset: $0.offset) }
    text = page.text
  }
}
