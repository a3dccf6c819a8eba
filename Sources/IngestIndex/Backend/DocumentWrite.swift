package import IngestCore

/// The data about a document that a back end stores beside its chunks.
package struct DocumentHeader: Hashable, Sendable {
  package var document: DocumentID
  /// The revision, from 1. It grows with each accepted submit or delete.
  package var revision: Int
  package var source: String
  package var uri: String
  package var meta: [String: String]

  package init(document: DocumentID, revision: Int, source: String, uri: String, meta: [String: String] = [:]) {
    self.document = document
    self.revision = revision
    self.source = source
    self.uri = uri
    self.meta = meta
  }

  package init(_ task: DocumentTask) {
    self.init(document: task.document, revision: task.revision, source: task.source, uri: task.uri, meta: task.meta)
  }
}

/// A chunk with its vector.
package struct EmbeddedChunk: Hashable, Sendable {
  package var chunk: Chunk
  /// L2-normalised. Nil if the embedder refused this one text; then only keyword searches find the chunk.
  package var vector: [Float]?

  package init(chunk: Chunk, vector: [Float]?) {
    self.chunk = chunk
    self.vector = vector
  }
}

/// One revision of a document to be written into a generation: all of its chunks or a run of them.
package struct DocumentWrite: Sendable {
  package var header: DocumentHeader
  /// Chunks with consecutive ordinals. They start at 0 when the whole document is written.
  package var chunks: [EmbeddedChunk]

  package init(header: DocumentHeader, chunks: [EmbeddedChunk]) {
    self.header = header
    self.chunks = chunks
  }
}

/// The result of a write.
package enum WriteResult: Hashable, Sendable {
  /// The generation now holds this revision, or already did.
  case applied
  /// The generation holds a higher revision, content or delete. Nothing was written.
  case stale(held: Int)
}

/// A document and one of its revisions.
package struct DocumentRevision: Hashable, Sendable {
  package var document: DocumentID
  package var revision: Int

  package init(document: DocumentID, revision: Int) {
    self.document = document
    self.revision = revision
  }
}
