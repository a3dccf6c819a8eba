/// A reader of the revisions that a generation holds of single documents. A back end may show more: chunks that a job
/// wrote but has not reported, or old chunks that are not removed yet.
package protocol HeldRevisions: Sendable {
  /// Returns the held revisions at one moment. A document of which the generation holds nothing is missing from the
  /// result.
  func held(_ documents: [DocumentID], index: String, generation: Int) async throws -> [DocumentID: HeldRevision]
}

/// The revision that a generation holds of a document, as the catalogue records it.
package struct HeldRevision: Hashable, Sendable {
  package var revision: Int
  /// Whether the revision is a delete, so that no chunk is held.
  package var isDeleted: Bool

  package init(revision: Int, isDeleted: Bool = false) {
    self.revision = revision
    self.isDeleted = isDeleted
  }
}
