package import IngestCore

/// How much a generation holds.
package struct IndexCounts: Hashable, Sendable {
  /// Documents that a search can find.
  package var documents: Int
  /// Their chunks.
  package var chunks: Int
  /// Deleted documents that are remembered.
  package var tombstones: Int

  package init(documents: Int, chunks: Int, tombstones: Int) {
    self.documents = documents
    self.chunks = chunks
    self.tombstones = tombstones
  }
}

/// What a search can find of one document.
package struct DocumentChunks: Hashable, Sendable {
  /// The revision that is shown; 0 for none.
  package var revision: Int
  package var chunks: [Chunk]

  package init(revision: Int, chunks: [Chunk]) {
    self.revision = revision
    self.chunks = chunks
  }
}
