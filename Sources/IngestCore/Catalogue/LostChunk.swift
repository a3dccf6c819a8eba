/// A chunk that was lost although its document was stored: a dead letter of its own.
package struct LostChunk: Hashable, Sendable {
  package var ordinal: Int
  package var page: Int?
  /// Offsets in Unicode scalars of the document's text.
  package var start: Int
  package var end: Int
  package var failure: Failure

  package init(ordinal: Int, page: Int?, start: Int, end: Int, failure: Failure) {
    self.ordinal = ordinal
    self.page = page
    self.start = start
    self.end = end
    self.failure = failure
  }
}
