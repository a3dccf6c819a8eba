/// One document for the parser; its descriptor is passed beside the frame.
package struct ParserRequest: Hashable, Sendable {
  /// Bytes of the document.
  package var size: Int
  /// Where to begin, from 1: those before are not read.
  package var firstPage: Int
  /// A document with more pages is refused.
  package var pageLimit: Int
  /// UTF-8 bytes of text that may come out in all.
  package var textLimit: Int
  /// How many bytes of text may come out per byte of document, once a million have.
  package var ratioLimit: Int
  package var password: [UInt8]?

  package init(
    size: Int, firstPage: Int, pageLimit: Int, textLimit: Int, ratioLimit: Int, password: [UInt8]?
  ) {
    self.size = size
    self.firstPage = firstPage
    self.pageLimit = pageLimit
    self.textLimit = textLimit
    self.ratioLimit = ratioLimit
    self.password = password
  }
}

extension ParserRequest {
  /// Text that may come out of any document, however small it is.
  private static let textFrom = 1_000_000

  /// UTF-8 bytes of text that may come out of this document by all its limits.
  package var textAllowed: Int {
    let (bytes, overflow) = size.multipliedReportingOverflow(by: ratioLimit)
    return min(textLimit, overflow ? .max : max(Self.textFrom, bytes))
  }
}
