package import IngestCore

/// What a generation really has of one document.
package struct DocumentInventory: Hashable, Sendable {
  /// The ordinals of one revision's chunks, part by part. A part that holds an ordinal twice lists it twice.
  package struct Part: Hashable, Sendable {
    package var revision: Int
    package var chunks: [Int]
    /// Those whose vector is there and intact; chunks that were stored without one count as there.
    package var vectors: [Int]
    package var fullText: [Int]

    package init(revision: Int, chunks: [Int], vectors: [Int], fullText: [Int]) {
      self.revision = revision
      self.chunks = chunks
      self.vectors = vectors
      self.fullText = fullText
    }
  }

  package var document: DocumentID
  /// The highest applied, content or delete.
  package var revision: Int
  /// Whether that one was a delete.
  package var deleted: Bool
  /// The revision that searches find; 0 for none.
  package var visible: Int
  /// By revision.
  package var parts: [Part]

  package init(document: DocumentID, revision: Int, deleted: Bool, visible: Int, parts: [Part]) {
    self.document = document
    self.revision = revision
    self.deleted = deleted
    self.visible = visible
    self.parts = parts
  }
}

/// What the catalogue says a generation holds of one document.
package struct ExpectedDocument: Hashable, Sendable {
  package var document: DocumentID
  /// The one held; 0 while none is.
  package var revision: Int
  /// The one wanted: no less than ``revision``. Where it is higher a job is at work, and what it has written so far is neither
  /// missing nor stale.
  package var wanted: Int
  /// No chunks: a tombstone, which may have been pruned.
  package var deleted: Bool
  package var chunks: Int

  package init(document: DocumentID, revision: Int, wanted: Int, deleted: Bool, chunks: Int) {
    self.document = document
    self.revision = revision
    self.wanted = wanted
    self.deleted = deleted
    self.chunks = chunks
  }
}
