import IngestCore
import IngestIndex

/// An index that hands on whatever it does not do itself.
protocol ForwardingIndex: IndexBackend {
  var base: any IndexBackend { get }
}

extension ForwardingIndex {
  var name: String { base.name }

  func create(_ generation: GenerationName, dimensions: Int) async throws {
    try await base.create(generation, dimensions: dimensions)
  }

  func delete(_ generation: GenerationName) async throws { try await base.delete(generation) }

  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await base.write(write, into: generation)
  }

  func staged(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws
    -> Int
  {
    try await base.staged(document, revision: revision, in: generation)
  }

  func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await base.stage(slice, into: generation)
  }

  func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws
    -> WriteResult
  {
    try await base.publish(header, chunks: chunks, into: generation)
  }

  func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws
    -> WriteResult
  {
    try await base.remove(document, revision: revision, from: generation)
  }

  func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws {
    try await base.pruneTombstones(tombstones, in: generation)
  }

  func tombstones(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentRevision] {
    try await base.tombstones(after: after, limit: limit, in: generation)
  }

  func search(_ request: SearchRequest, in generation: GenerationName) async throws -> [SearchHit] {
    try await base.search(request, in: generation)
  }

  func inventory(after: DocumentID?, limit: Int, in generation: GenerationName) async throws
    -> [DocumentInventory]
  {
    try await base.inventory(after: after, limit: limit, in: generation)
  }

  func inventory(of document: DocumentID, in generation: GenerationName) async throws
    -> DocumentInventory?
  {
    try await base.inventory(of: document, in: generation)
  }

  func chunks(of document: DocumentID, in generation: GenerationName) async throws
    -> DocumentChunks?
  {
    try await base.chunks(of: document, in: generation)
  }

  func purge(_ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName)
    async throws
  {
    try await base.purge(document, revisions: revisions, in: generation)
  }

  func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws {
    try await base.discard(document, revision: revision, in: generation)
  }

  func strays(in generation: GenerationName) async throws -> Int {
    try await base.strays(in: generation)
  }
  func purgeStrays(in generation: GenerationName) async throws {
    try await base.purgeStrays(in: generation)
  }
  func counts(in generation: GenerationName) async throws -> IndexCounts {
    try await base.counts(in: generation)
  }
  func maintain(_ generation: GenerationName) async throws -> Bool {
    try await base.maintain(generation)
  }
}
