/// What one document may cost. Past a limit only its own request fails, and the error names page and limit.
package struct ParserLimits: Hashable, Sendable {
  /// A document with more is refused before its first page.
  package var pages: Int
  /// UTF-8 bytes of text in all.
  package var text: Int
  /// Bytes of text for each byte of document, once there are a million: what inflates more is a bomb.
  package var ratio: Int
  /// Bytes of address space beside the document itself.
  package var memory: Int
  /// Of the processor, for one document.
  package var processorTime: Duration
  /// By the clock, for one document; waiting for the caller is not counted.
  package var wallTime: Duration
  /// By the clock, from one page to the next.
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

/// When a warm child is replaced by a fresh one: libraries leak, and a page table only grows.
package struct ParserRecycling: Hashable, Sendable {
  /// After so many documents.
  package var documents: Int
  /// Once this many bytes are resident at the end of a document.
  package var resident: Int

  package init(documents: Int = 500, resident: Int = 128 * 1024 * 1024) {
    self.documents = documents
    self.resident = resident
  }
}
