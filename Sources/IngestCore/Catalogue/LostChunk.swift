/// A chunk that was lost on the way though its document was not: a dead letter of its own.
package struct LostChunk: Hashable, Sendable {
  package var ordinal: Int
  package var page: Int?
  /// Unicode scalars of the document's text.
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
