/// One document for the parser. Its descriptor is passed beside the frame.
package struct ParserRequest: Hashable, Sendable {
  /// Size of the document in bytes.
  package var size: Int
  /// The first page to read, from 1. Pages before it are not read.
  package var firstPage: Int
  /// A document with more pages is refused.
  package var pageLimit: Int
  /// Maximum number of UTF-8 bytes of text in total.
  package var textLimit: Int
  /// Maximum number of bytes of text per byte of the document, once there are a million.
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
  /// Every document may yield this many bytes of text, even a very small one.
  private static let textFrom = 1_000_000

  /// Maximum number of UTF-8 bytes of text for this document by all limits together.
  package var textAllowed: Int {
    let (bytes, overflow) = size.multipliedReportingOverflow(by: ratioLimit)
    return min(textLimit, overflow ? .max : max(Self.textFrom, bytes))
  }
}
