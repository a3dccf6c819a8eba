package import IngestCore

/// The real contents of a generation for one document.
package struct DocumentInventory: Hashable, Sendable {
  /// The ordinals of the chunks of one revision, in each part of the storage. A part that holds an ordinal twice lists
  /// it twice.
  package struct Part: Hashable, Sendable {
    package var revision: Int
    package var chunks: [Int]
    /// Chunks whose vector is stored and intact. A chunk that was written without a vector counts as intact.
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
  /// The highest applied revision, content or delete.
  package var revision: Int
  /// Whether that revision is a delete.
  package var deleted: Bool
  /// The revision that searches find; 0 for none.
  package var visible: Int
  /// Parts in the order of revisions.
  package var parts: [Part]

  package init(document: DocumentID, revision: Int, deleted: Bool, visible: Int, parts: [Part]) {
    self.document = document
    self.revision = revision
    self.deleted = deleted
    self.visible = visible
    self.parts = parts
  }
}

/// The contents that a generation should hold for one document, according to the catalogue.
package struct ExpectedDocument: Hashable, Sendable {
  package var document: DocumentID
  /// The held revision; 0 for none.
  package var revision: Int
  /// The wanted revision, at least ``revision``. While it is higher, a job is running, and the chunks it has written so
  /// far are neither missing nor stale.
  package var wanted: Int
  /// Whether the document is a tombstone. It has no chunks and may have been pruned.
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
