package import IngestCore

/// Which revisions of a document a generation has, without a look at their chunks.
package struct DocumentRevisions: Hashable, Sendable {
  /// The highest applied, content or delete; 0 for none.
  package var applied: Int
  /// Whether that one was a delete.
  package var isDeleted: Bool
  /// The one that searches find; 0 for none.
  package var visible: Int
  /// How many chunks that one was written with.
  package var chunks: Int
  /// How many chunks of each revision are stored, shown or not.
  package var stored: [Int: Int]

  package init(applied: Int, isDeleted: Bool, visible: Int, chunks: Int, stored: [Int: Int]) {
    self.applied = applied
    self.isDeleted = isDeleted
    self.visible = visible
    self.chunks = chunks
    self.stored = stored
  }

  /// Nil where nothing is shown, or not all of it: that is for a repair.
  package var shown: ShownRevision? {
    if isDeleted { return ShownRevision(revision: applied, isDeleted: true, chunks: 0) }
    guard visible > 0, visible == applied, stored[visible, default: 0] == chunks else { return nil }
    return ShownRevision(revision: visible, isDeleted: false, chunks: chunks)
  }

  /// Whether chunks of it wait to be shown.
  package func isStaged(_ revision: Int) -> Bool {
    revision >= applied && revision != visible && stored[revision] != nil
  }

  /// Stored revisions that a later one has taken the place of.
  package var sweepable: [Int] { stored.keys.filter { isDeleted ? $0 <= applied : $0 < applied } }
}
