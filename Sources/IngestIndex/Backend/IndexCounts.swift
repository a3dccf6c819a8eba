package import IngestCore

/// The size of a generation.
package struct IndexCounts: Hashable, Sendable {
  /// Documents that a search can find.
  package var documents: Int
  /// Their chunks.
  package var chunks: Int
  /// Deleted documents with a tombstone.
  package var tombstones: Int

  package init(documents: Int, chunks: Int, tombstones: Int) {
    self.documents = documents
    self.chunks = chunks
    self.tombstones = tombstones
  }
}

/// The chunks of one document that a search can find.
package struct DocumentChunks: Hashable, Sendable {
  /// The visible revision; 0 for none.
  package var revision: Int
  package var chunks: [Chunk]

  package init(revision: Int, chunks: [Chunk]) {
    self.revision = revision
    self.chunks = chunks
  }
}
