package import IngestCore
package import IngestIndex

/// An index that hands on whatever it does not do itself.
package protocol ForwardingIndex: IndexBackend {
  var base: any IndexBackend { get }
}

extension ForwardingIndex {
  package var name: String { base.name }

  package func create(_ generation: GenerationName, dimensions: Int) async throws {
    try await base.create(generation, dimensions: dimensions)
  }

  package func delete(_ generation: GenerationName) async throws { try await base.delete(generation) }

  package func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await base.write(write, into: generation)
  }

  package func staged(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws
    -> Int
  {
    try await base.staged(document, revision: revision, in: generation)
  }

  package func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await base.stage(slice, into: generation)
  }

  package func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws
    -> WriteResult
  {
    try await base.publish(header, chunks: chunks, into: generation)
  }

  package func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws
    -> WriteResult
  {
    try await base.remove(document, revision: revision, from: generation)
  }

  package func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws {
    try await base.pruneTombstones(tombstones, in: generation)
  }

  package func tombstones(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentRevision] {
    try await base.tombstones(after: after, limit: limit, in: generation)
  }

  package func search(_ request: SearchRequest, in generation: GenerationName) async throws -> [SearchHit] {
    try await base.search(request, in: generation)
  }

  package func inventory(after: DocumentID?, limit: Int, in generation: GenerationName) async throws
    -> [DocumentInventory]
  {
    try await base.inventory(after: after, limit: limit, in: generation)
  }

  package func inventory(of document: DocumentID, in generation: GenerationName) async throws
    -> DocumentInventory?
  {
    try await base.inventory(of: document, in: generation)
  }

  package func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions? {
    try await base.revisions(of: document, in: generation)
  }

  package func chunks(of document: DocumentID, in generation: GenerationName) async throws
    -> DocumentChunks?
  {
    try await base.chunks(of: document, in: generation)
  }

  package func purge(_ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName)
    async throws
  {
    try await base.purge(document, revisions: revisions, in: generation)
  }

  package func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws {
    try await base.discard(document, revision: revision, in: generation)
  }

  package func strays(in generation: GenerationName) async throws -> Int {
    try await base.strays(in: generation)
  }
  package func purgeStrays(in generation: GenerationName) async throws {
    try await base.purgeStrays(in: generation)
  }
  package func counts(in generation: GenerationName) async throws -> IndexCounts {
    try await base.counts(in: generation)
  }
  package func maintain(_ generation: GenerationName) async throws -> Bool {
    try await base.maintain(generation)
  }
}
