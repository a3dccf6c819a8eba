/// A write into a generation that may have taken effect although its job ended without reporting it.
package struct UnsettledWrite: Hashable, Sendable {
  /// The store's name of the write, never reused. Opaque: only the store that gave it can read it.
  package struct ID: Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
      self.rawValue = rawValue
    }
  }

  package var id: ID
  package var index: String
  package var generation: Int
  package var document: DocumentID
  package var revision: Int

  package init(id: ID, index: String, generation: Int, document: DocumentID, revision: Int) {
    self.id = id
    self.index = index
    self.generation = generation
    self.document = document
    self.revision = revision
  }
}

/// Some unsettled writes, in the order in which they were noted.
package struct UnsettledPage: Hashable, Sendable {
  /// Where the next page begins. Opaque: only the store that gave it can read it.
  package struct Cursor: Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
      self.rawValue = rawValue
    }
  }

  package var writes: [UnsettledWrite]
  /// Nil after an empty page, which is the last. Writes that are noted while somebody pages come in a later page.
  package var next: Cursor?

  package init(writes: [UnsettledWrite], next: Cursor?) {
    self.writes = writes
    self.next = next
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
