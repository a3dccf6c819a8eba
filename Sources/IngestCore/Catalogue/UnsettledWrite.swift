/// A write into a generation that may have taken place though its job ended without saying so.
package struct UnsettledWrite: Hashable, Sendable {
  /// The store's own name for it, never used again.
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

/// Which unsettled writes are looked at.
package enum UnsettledScope: Hashable, Sendable {
  /// Those whose next look is due.
  case due
  case all
  case generation(index: String, number: Int)
  case document(DocumentID, index: String, generation: Int)
}

/// What a generation shows of a document, whole.
package struct ShownRevision: Hashable, Sendable {
  package var revision: Int
  /// A tombstone.
  package var isDeleted: Bool
  package var chunks: Int

  package init(revision: Int, isDeleted: Bool, chunks: Int) {
    self.revision = revision
    self.isDeleted = isDeleted
    self.chunks = chunks
  }
}
