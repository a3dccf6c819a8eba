package import IngestCore
package import IngestIndex

/// The role of a ``VerifiableBackend``, if the index has that role. The index stores chunks only. The catalogue alone
/// knows which revision counts.
extension WeakIndex {
  private func inventory(
    _ isWanted: (DocumentID) -> Bool, in name: GenerationName
  ) async throws -> [DocumentInventory] {
    // This call counts as one call and may fail.
    _ = try await counts(in: name)
    return Dictionary(grouping: stored(in: name).filter { isWanted($0.document) }, by: \.document)
      .sorted { $0.key < $1.key }
      .map { document, chunks in
        let revisions = Dictionary(grouping: chunks, by: \.revision).sorted { $0.key < $1.key }
        let highest = revisions.last?.key ?? 0
        return DocumentInventory(
          document: document, revision: highest, deleted: false, visible: highest,
          parts: revisions.map { revision, chunks in
            let ordinals = chunks.map(\.ordinal)
            return DocumentInventory.Part(revision: revision, chunks: ordinals, vectors: ordinals, fullText: ordinals)
          })
      }
  }

  package func inventory(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentInventory] {
    let all = try await inventory({ document in after.map { document > $0 } ?? true }, in: generation)
    return Array(all.prefix(limit))
  }

  package func inventory(of document: DocumentID, in generation: GenerationName) async throws -> DocumentInventory? {
    try await inventory({ $0 == document }, in: generation).first
  }

  package func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions? {
    try await inventory(of: document, in: generation).map { found in
      DocumentRevisions(
        applied: found.revision, isDeleted: false, visible: found.visible, chunks: found.parts.last?.chunks.count ?? 0,
        stored: Dictionary(uniqueKeysWithValues: found.parts.map { ($0.revision, $0.chunks.count) }))
    }
  }

  package func chunks(of document: DocumentID, in generation: GenerationName) async throws -> DocumentChunks? {
    let found = try await candidates(
      CandidateRequest(text: "", vector: nil, nearest: .max, keyword: 0), in: generation)
    let highest = found.contents.keys.filter { $0.document == document }.map(\.revision).max()
    guard let highest else { return nil }
    let chunks = found.contents.filter { $0.key.document == document && $0.key.revision == highest }
      .sorted { $0.key < $1.key }
      .map { id, content in
        Chunk(
          ordinal: id.ordinal, start: content.start, end: content.end, page: content.page, heading: content.heading,
          tokens: 0, text: content.text)
      }
    return DocumentChunks(revision: highest, chunks: chunks)
  }

  package func purge(
    _ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName
  ) async throws {
    try await drop(in: generation) { $0.document == document && revisions.contains($0.revision) }
  }

  package func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws {}

  package func strays(in generation: GenerationName) async throws -> Int { 0 }

  package func purgeStrays(in generation: GenerationName) async throws {}
}
