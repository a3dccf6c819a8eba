/// A write into a generation that may have taken effect although its job ended without reporting it.
package struct UnsettledWrite: Hashable, Sendable {
  /// The store's key of the write, never reused.
  package var key: Int64
  package var index: String
  package var generation: Int
  package var document: DocumentID
  package var revision: Int

  package init(key: Int64, index: String, generation: Int, document: DocumentID, revision: Int) {
    self.key = key
    self.index = index
    self.generation = generation
    self.document = document
    self.revision = revision
  }
}

/// The unsettled writes to check.
package enum UnsettledScope: Hashable, Sendable {
  /// Writes whose next check is due.
  case due
  case all
  case generation(index: String, number: Int)
  case document(DocumentID, index: String, generation: Int)
}

/// The revision of a document that a generation shows in full.
package struct ShownRevision: Hashable, Sendable {
  package var revision: Int
  /// Whether it is a tombstone.
  package var isDeleted: Bool
  package var chunks: Int

  package init(revision: Int, isDeleted: Bool, chunks: Int) {
    self.revision = revision
    self.isDeleted = isDeleted
    self.chunks = chunks
  }
}
