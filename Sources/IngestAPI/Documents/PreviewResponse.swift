package import IngestDocuments
package import IngestOperations

/// One page of a file, as a job would store it.
package struct PreviewPageResponse: Codable, Hashable, Sendable {
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
    headings = page.headings
    text = page.text
  }
}
