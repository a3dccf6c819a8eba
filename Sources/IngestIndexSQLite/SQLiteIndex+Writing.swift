package import IngestCore
package import IngestIndex
internal import IngestSQL

extension SQLiteIndex {
  package func write(_ write: DocumentWrite, into name: GenerationName) async throws -> WriteResult {
    try await with(name) { generation in
      let header = write.header
      let first = write.chunks.first?.chunk.ordinal ?? 0
      guard first == 0 else { throw IndexError.gap(header.document, expected: 0, found: first) }
      guard write.chunks.count > IndexChange.slice else {
        let chunks = try PreparedChunks(
          write.chunks, document: header.document, layout: generation.layout, generation: name)
        return try await finish(.write(header, chunks), of: header.document, in: generation)
      }
      let staged = try await staged(header, in: generation)
      var rest = write.chunks.dropFirst(staged)
      while !rest.isEmpty {
        try Task.checkCancellation()
        let slice = rest.prefix(IndexChange.slice)
        rest = rest.dropFirst(slice.count)
        let chunks = try PreparedChunks(slice, document: header.document, layout: generation.layout, generation: name)
        let result = try await apply(.stage(header, chunks), in: generation).result
        guard result == .applied else { return result }
      }
      return try await finish(.publish(header, chunks: write.chunks.count), of: header.document, in: generation)
    }
  }

  package func staged(_ document: DocumentID, revision: Int, in name: GenerationName) async throws -> Int {
    try await with(name) { generation in
      try await staged(DocumentHeader(document: document, revision: revision, source: "", uri: ""), in: generation)
    }
  }

  private func staged(_ header: DocumentHeader, in generation: OpenGeneration) async throws -> Int {
    try await generation.read { snapshot in try snapshot.staged(header.document, revision: header.revision) }
  }

  package func stage(_ slice: DocumentWrite, into name: GenerationName) async throws -> WriteResult {
    try await with(name) { generation in
      var rest = slice.chunks[...]
      repeat {
        try Task.checkCancellation()
        let part = rest.prefix(IndexChange.slice)
        rest = rest.dropFirst(part.count)
        let chunks = try PreparedChunks(
          part, document: slice.header.document, layout: generation.layout, generation: name)
        let result = try await apply(.stage(slice.header, chunks), in: generation).result
        guard result == .applied else { return result }
      } while !rest.isEmpty
      return .applied
    }
  }

  package func publish(
    _ header: DocumentHeader, chunks: Int, into name: GenerationName
  ) async throws -> WriteResult {
    try await with(name) { generation in
      try await finish(.publish(header, chunks: chunks), of: header.document, in: generation)
    }
  }

  package func remove(
    _ document: DocumentID, revision: Int, from name: GenerationName
  ) async throws -> WriteResult {
    try await with(name) { generation in
      try await finish(.remove(document, revision: revision), of: document, in: generation)
    }
  }

  /// Does nothing: after the transaction that shows a revision, the lower ones are removed anyway.
  package func sweep(_ document: DocumentID, below revision: Int, in name: GenerationName) async throws {}

  package func purge(
    _ document: DocumentID, revisions: ClosedRange<Int>, in name: GenerationName
  ) async throws {
    try await with(name) { generation in
      while try await apply(.purge(document, revisions), in: generation).more {}
    }
  }

  package func discard(_ document: DocumentID, revision: Int, in name: GenerationName) async throws {
    try await with(name) { generation in
      while try await apply(.discard(document, revision: revision), in: generation).more {}
    }
  }

  package func pruneTombstones(_ tombstones: [DocumentRevision], in name: GenerationName) async throws {
    try await with(name) { generation in
      for start in stride(from: 0, to: tombstones.count, by: 256) {
        let slice = tombstones[start..<min(start + 256, tombstones.count)]
        try await generation.database.write { connection in
          for tombstone in slice {
            try connection.run(
              """
              DELETE FROM documents
              WHERE id = \(tombstone.document.rawValue) AND deleted = 1 AND revision <= \(tombstone.revision)
                AND NOT EXISTS (SELECT 1 FROM extents AS e WHERE e.document = documents.key)
              """)
          }
        }
      }
    }
  }

  /// Applies a change and removes the remaining chunks of lower revisions. After a crash in between, the same call
  /// removes the rest.
  private func finish(
    _ change: IndexChange, of document: DocumentID, in generation: OpenGeneration
  ) async throws -> WriteResult {
    var outcome = try await apply(change, in: generation)
    let result = outcome.result
    while outcome.more { outcome = try await apply(.sweep(document), in: generation) }
    return result
  }

  private func apply(_ change: IndexChange, in generation: OpenGeneration) async throws -> IndexChange.Outcome {
    let (outcome, compacts) = try await generation.changes.apply(change)
    // The change is durable. If this housekeeping fails, `maintain` fails in the same way and reports it.
    if compacts { _ = try? await generation.compact() }
    return outcome
  }
}
