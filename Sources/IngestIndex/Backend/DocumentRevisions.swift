package import IngestCore

/// The revisions of a document that a generation has, read without reading the chunks.
package struct DocumentRevisions: Hashable, Sendable {
  /// The highest applied revision, content or delete; 0 for none.
  package var applied: Int
  /// Whether that revision is a delete.
  package var isDeleted: Bool
  /// The revision that searches find; 0 for none.
  package var visible: Int
  /// Number of chunks with which the visible revision was written.
  package var chunks: Int
  /// Number of stored chunks by revision, visible or not.
  package var stored: [Int: Int]

  package init(applied: Int, isDeleted: Bool, visible: Int, chunks: Int, stored: [Int: Int]) {
    self.applied = applied
    self.isDeleted = isDeleted
    self.visible = visible
    self.chunks = chunks
    self.stored = stored
  }

  /// The visible revision if all of its chunks are stored, or the delete. Nil if nothing is visible or chunks are
  /// missing: such a document needs a repair.
  package var shown: ShownRevision? {
    if isDeleted { return ShownRevision(revision: applied, isDeleted: true, chunks: 0) }
    guard visible > 0, visible == applied, stored[visible, default: 0] == chunks else { return nil }
    return ShownRevision(revision: visible, isDeleted: false, chunks: chunks)
  }

  /// Whether chunks of the revision are stored but not yet visible.
  package func isStaged(_ revision: Int) -> Bool {
    revision >= applied && revision != visible && stored[revision] != nil
  }

  /// Stored revisions that a later one has replaced.
  package var sweepable: [Int] { stored.keys.filter { isDeleted ? $0 <= applied : $0 < applied } }
}
