package import IngestCore

/// What a back end keeps of a document beside its chunks.
package struct DocumentHeader: Hashable, Sendable {
  package var document: DocumentID
  /// From 1, growing with each accepted submit or delete.
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
  /// L2-normalised; nil where the embedder refused this one text, which is then found by keyword alone.
  package var vector: [Float]?

  package init(chunk: Chunk, vector: [Float]?) {
    self.chunk = chunk
    self.vector = vector
  }
}

/// One revision of a document on its way into a generation: the whole of it, or a run of its chunks.
package struct DocumentWrite: Sendable {
  package var header: DocumentHeader
  /// Consecutive ordinals. They start at 0 where the whole document is written.
  package var chunks: [EmbeddedChunk]

  package init(header: DocumentHeader, chunks: [EmbeddedChunk]) {
    self.header = header
    self.chunks = chunks
  }
}

/// What became of a write.
package enum WriteResult: Hashable, Sendable {
  /// The generation holds this revision now, or did already.
  case applied
  /// The generation holds a higher one, content or delete, and nothing was written.
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
