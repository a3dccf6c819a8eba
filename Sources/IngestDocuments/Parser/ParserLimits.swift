/// The limits of one document. Beyond a limit only its own request fails, and the error names page and limit.
package struct ParserLimits: Hashable, Sendable {
  /// Maximum number of pages. A document with more is refused before its first page.
  package var pages: Int
  /// Maximum number of UTF-8 bytes of text in total.
  package var text: Int
  /// Maximum number of bytes of text per byte of the document, once there are a million. A document that inflates more
  /// is a decompression bomb.
  package var ratio: Int
  /// Bytes of address space in addition to the document itself.
  package var memory: Int
  /// Processor time for one document.
  package var processorTime: Duration
  /// Elapsed time for one document. Waiting for the caller is not counted.
  package var wallTime: Duration
  /// Elapsed time from one page to the next.
  package var pageTime: Duration

  package init(
    pages: Int = 20_000, text: Int = 256 * 1024 * 1024, ratio: Int = 100, memory: Int = 1024 * 1024 * 1024,
    processorTime: Duration = .seconds(300), wallTime: Duration = .seconds(900), pageTime: Duration = .seconds(60)
  ) {
    self.pages = pages
    self.text = text
    self.ratio = ratio
    self.memory = memory
    self.processorTime = processorTime
    self.wallTime = wallTime
    self.pageTime = pageTime
  }
}

/// The limits after which a fresh child replaces a warm one, because libraries leak and a page table only grows.
package struct ParserRecycling: Hashable, Sendable {
  /// Number of documents.
  package var documents: Int
  /// Number of resident bytes at the end of a document.
  package var resident: Int

  package init(documents: Int = 500, resident: Int = 128 * 1024 * 1024) {
    self.documents = documents
    self.resident = resident
  }
}
