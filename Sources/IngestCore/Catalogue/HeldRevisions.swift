/// Reads what a generation holds of single documents. A back end may show more: chunks that a job wrote and did not report
/// yet, or old ones that are not removed yet.
package protocol HeldRevisions: Sendable {
  /// The held revisions at one moment. A document of which the generation holds nothing is missing from the result.
  func held(_ documents: [DocumentID], index: String, generation: Int) async throws -> [DocumentID: HeldRevision]
}

/// The revision that a generation holds of a document, by the catalogue.
package struct HeldRevision: Hashable, Sendable {
  package var revision: Int
  /// The revision is a delete: no chunk is held.
  package var isDeleted: Bool

  package init(revision: Int, isDeleted: Bool = false) {
    self.revision = revision
    self.isDeleted = isDeleted
  }
}
