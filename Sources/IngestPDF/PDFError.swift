/// The reasons why a PDF could not be opened. The parser process turns them into refusals. This module knows nothing
/// about files or limits.
package enum PDFError: Error, Hashable, Sendable {
  case encrypted
  case wrongPassword
  case damaged(String)
  case noPages
}
