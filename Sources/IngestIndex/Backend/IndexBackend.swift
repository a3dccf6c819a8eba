package import IngestCore

/// Where the chunks of generations live: in files of our own, or later in a server.
///
/// Every method that writes is durable when it returns and may be repeated at will: a worker that died anywhere calls the
/// same method again. Revisions decide, within the transaction that writes: whoever comes with a lower one than the
/// generation holds changes nothing.
///
/// All methods throw ``IndexError``; ``IndexError/generationMissing(_:)`` says that the generation was deleted or never
/// made.
package protocol IndexBackend: Sendable {
  /// What a generation's spec calls it, such as `sqlite`.
  var name: String { get }

  /// Makes an empty generation; one that is there already with the same number of dimensions is left as it is.
  func create(_ generation: GenerationName, dimensions: Int) async throws
  /// Removes a generation with all it holds; one that is gone already is no error. Searches in flight
  /// end as they began or find it missing.
  func delete(_ generation: GenerationName) async throws

  /// Makes this revision the document's only one: writes the new chunks, shows them all at once, removes the lower ones.
  /// A document of any size; a large one goes in slices, and goes on after a crash where it stopped.
  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult

  /// How many chunks of a revision that is not shown yet are stored: where ``stage(_:into:)`` goes on.
  func staged(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws -> Int
  /// Stores a run of chunks that stays hidden until ``publish(_:chunks:into:)``: for documents too large to hold in memory.
  /// Chunks that are stored already are skipped; a run that would leave a gap is refused.
  func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult
  /// Shows the staged chunks instead of the lower revisions, at once, then removes those.
  /// - Throws: ``IndexError/incomplete(_:staged:expected:)`` unless exactly `chunks` of them are staged.
  func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws -> WriteResult

  /// Removes all chunks and leaves a tombstone with this revision, which refuses the lower ones.
  func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws -> WriteResult
  /// Forgets deleted documents for which no older job exists any more, unless a newer revision came meanwhile.
  func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws
  /// Deleted documents after `after`, in the order of their ids.
  func tombstones(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentRevision]

  /// The best chunks of the revisions shown, in one consistent view.
  func search(_ request: SearchRequest, in generation: GenerationName) async throws -> [SearchHit]

  /// What is really there, in the order of document ids, for ``verify(_:against:)``. At most `limit` documents, fewer where
  /// they are large; empty at the end.
  func inventory(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentInventory]
  /// The same of one document; nil where the generation never heard of it.
  func inventory(of document: DocumentID, in generation: GenerationName) async throws -> DocumentInventory?
  /// Which revisions of a document are there; nil where the generation never heard of it.
  func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions?
  /// The chunks of one document that searches find, in order; nil where the generation never heard of it.
  func chunks(of document: DocumentID, in generation: GenerationName) async throws -> DocumentChunks?
  /// Removes every chunk of these revisions, shown or not, and if the one held is among them lets it be written again.
  func purge(
    _ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName
  ) async throws
  /// Removes what is staged of a revision that is not shown. A run of chunks that meets it finds a gap and begins anew.
  func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws
  /// Entries that belong to no document, which no search returns and only damage from outside can make.
  func strays(in generation: GenerationName) async throws -> Int
  /// Removes them. It may hold other writers up for as long as the generation is large.
  func purgeStrays(in generation: GenerationName) async throws

  func counts(in generation: GenerationName) async throws -> IndexCounts
  /// One bounded piece of housekeeping, such as giving the room of removed vectors back.
  /// - Returns: whether there is more to do.
  func maintain(_ generation: GenerationName) async throws -> Bool
}

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
