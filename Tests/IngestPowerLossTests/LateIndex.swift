import IngestCore
import IngestIndex
import IngestIndexSQLite
import Synchronization

/// A back end that says it has written, and writes when it is next called: its caller's checkpoint comes first.
final class LateIndex: IndexBackend {
  private let base: SQLiteIndex
  private let pending = Mutex<[(write: DocumentWrite, name: GenerationName)]>([])

  init(_ base: SQLiteIndex) { self.base = base }

  var name: String { base.name }

  private func settle() async throws {
    let pending = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    for late in pending { _ = try await base.write(late.write, into: late.name) }
  }

  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await settle()
    pending.withLock { $0.append((write, generation)) }
    return .applied
  }

  func create(_ generation: GenerationName, dimensions: Int) async throws {
    try await settle()
    try await base.create(generation, dimensions: dimensions)
  }
  func delete(_ generation: GenerationName) async throws {
    try await settle()
    try await base.delete(generation)
  }
  func staged(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws -> Int {
    try await settle()
    return try await base.staged(document, revision: revision, in: generation)
  }
  func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await settle()
    return try await base.stage(slice, into: generation)
  }
  func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws -> WriteResult {
    try await settle()
    return try await base.publish(header, chunks: chunks, into: generation)
  }
  func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws -> WriteResult {
    try await settle()
    return try await base.remove(document, revision: revision, from: generation)
  }
  func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws {
    try await settle()
    try await base.pruneTombstones(tombstones, in: generation)
  }
  func tombstones(after: DocumentID?, limit: Int, in generation: GenerationName) async throws -> [DocumentRevision] {
    try await settle()
    return try await base.tombstones(after: after, limit: limit, in: generation)
  }
  func search(_ request: SearchRequest, in generation: GenerationName) async throws -> [SearchHit] {
    try await settle()
    return try await base.search(request, in: generation)
  }
  func inventory(after: DocumentID?, limit: Int, in generation: GenerationName) async throws -> [DocumentInventory] {
    try await settle()
    return try await base.inventory(after: after, limit: limit, in: generation)
  }
  func inventory(of document: DocumentID, in generation: GenerationName) async throws -> DocumentInventory? {
    try await settle()
    return try await base.inventory(of: document, in: generation)
  }
  func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions? {
    try await settle()
    return try await base.revisions(of: document, in: generation)
  }
  func chunks(of document: DocumentID, in generation: GenerationName) async throws -> DocumentChunks? {
    try await settle()
    return try await base.chunks(of: document, in: generation)
  }
  func purge(_ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName) async throws {
    try await settle()
    try await base.purge(document, revisions: revisions, in: generation)
  }
  func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws {
    try await settle()
    try await base.discard(document, revision: revision, in: generation)
  }
  func strays(in generation: GenerationName) async throws -> Int {
    try await settle()
    return try await base.strays(in: generation)
  }
  func purgeStrays(in generation: GenerationName) async throws {
    try await settle()
    try await base.purgeStrays(in: generation)
  }
  func counts(in generation: GenerationName) async throws -> IndexCounts {
    try await settle()
    return try await base.counts(in: generation)
  }
  func maintain(_ generation: GenerationName) async throws -> Bool {
    try await settle()
    return try await base.maintain(generation)
  }
}
