/// Why a PDF could not be opened. The parser's child turns it into a refusal; nothing here knows files or limits.
package enum PDFError: Error, Hashable, Sendable {
  case encrypted
  case wrongPassword
  case damaged(String)
  case noPages
}
