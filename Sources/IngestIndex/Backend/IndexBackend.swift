package import IngestCore

/// Stores the chunks of generations: in files of this machine, or in a server.
///
/// This protocol is what every back end does. What some do in addition are roles of their own: ``VerifiableBackend``,
/// ``StagingBackend`` and ``MaintainedBackend``. How well a back end does it, it states in ``capabilities``.
///
/// Every method that writes is durable when it returns and may be repeated: a worker that died anywhere calls the same
/// method again. All methods throw ``IndexError``; ``IndexError/generationMissing(_:)`` says that the generation was
/// deleted or never made.
package protocol IndexBackend: Sendable {
  /// The name in a generation's spec, such as `sqlite`.
  var name: String { get }
  var capabilities: BackendCapabilities { get }
  /// `host` or `host:port` of the server that it calls; nil for one that cannot be away. Calls to an endpoint pass the
  /// breaker `index:NAME@ENDPOINT`.
  var endpoint: String? { get }

  /// Makes an empty generation. One that is there with the same number of dimensions stays as it is.
  func create(_ generation: GenerationName, dimensions: Int) async throws
  /// Removes a generation with all it holds; one that is gone is no error. A search in flight ends as it began or finds
  /// the generation missing.
  func delete(_ generation: GenerationName) async throws

  /// Stores a revision of a document, of any size.
  ///
  /// With ``BackendCapabilities/atomicShow`` it replaces the lower revisions at once. Without, the new chunks stand beside
  /// the old ones until ``sweep(_:below:in:)``: removing the old ones here would lose the document, as the catalogue does
  /// not hold the new ones yet.
  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult
  /// Removes all chunks up to this revision. With ``BackendCapabilities/refusesLower`` it leaves a tombstone, which refuses
  /// the lower ones.
  func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws -> WriteResult
  /// Removes the chunks of lower revisions, once the catalogue holds this one. Does nothing where a write did so already.
  func sweep(_ document: DocumentID, below revision: Int, in generation: GenerationName) async throws

  /// Returns the lists that were asked for, all from one read. With ``BackendCapabilities/snapshotReads`` that read is a
  /// snapshot.
  func candidates(_ request: CandidateRequest, in generation: GenerationName) async throws -> Candidates

  /// Exact with ``BackendCapabilities/exactCounts``; otherwise an estimate, and never a proof.
  func counts(in generation: GenerationName) async throws -> IndexCounts

  /// This back end in each of its further roles; nil for one that it does not have. Each defaults to whether the type
  /// conforms; a wrapper has the roles of what it wraps.
  var verifiable: (any VerifiableBackend)? { get }
  var staging: (any StagingBackend)? { get }
  var maintained: (any MaintainedBackend)? { get }
}

extension IndexBackend {
  package var endpoint: String? { nil }
  package var verifiable: (any VerifiableBackend)? { self as? any VerifiableBackend }
  package var staging: (any StagingBackend)? { self as? any StagingBackend }
  package var maintained: (any MaintainedBackend)? { self as? any MaintainedBackend }

  /// Returns this back end as one that can list what it holds.
  /// - Throws: ``IndexError/unsupported(backend:what:)``.
  package func requireVerifiable() throws(IndexError) -> any VerifiableBackend {
    guard let verifiable else { throw .unsupported(backend: name, what: "list what it holds") }
    return verifiable
  }
}

/// Lists what a generation really holds, so that the catalogue can be proved against it, and removes what is wrong.
package protocol VerifiableBackend: IndexBackend {
  /// What is really there, in the order of document ids. At most `limit` documents, fewer where they are large; empty at
  /// the end.
  func inventory(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentInventory]
  /// The same of one document; nil where the generation has nothing of it.
  func inventory(of document: DocumentID, in generation: GenerationName) async throws -> DocumentInventory?
  /// Which revisions of a document are there; nil where the generation has nothing of it.
  func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions?
  /// The chunks of one document that searches find, in order; nil where the generation has nothing of it.
  func chunks(of document: DocumentID, in generation: GenerationName) async throws -> DocumentChunks?
  /// Removes every chunk of these revisions, shown or not. If the applied one is among them, it can be written again.
  func purge(
    _ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName
  ) async throws
  /// Removes what is staged of a revision that is not shown. A run of chunks that meets it finds a gap and begins anew.
  func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws
  /// Entries that belong to no document, which no search returns and only damage from outside can make.
  func strays(in generation: GenerationName) async throws -> Int
  /// Removes them. It may hold other writers up for as long as the generation is large.
  func purgeStrays(in generation: GenerationName) async throws
}

/// Takes a document in slices, for documents too large to hold in memory. Others get a document's chunks in one
/// ``IndexBackend/write(_:into:)``.
package protocol StagingBackend: IndexBackend {
  /// How many chunks of a revision that is not shown yet are stored: where ``stage(_:into:)`` continues.
  func staged(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws -> Int
  /// Stores a run of chunks that no search returns until ``publish(_:chunks:into:)``. Chunks that are stored already are
  /// skipped; a run that would leave a gap is refused.
  func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult
  /// Shows the staged chunks instead of the lower revisions, at once, then removes those.
  /// - Throws: ``IndexError/incomplete(_:staged:expected:)`` unless exactly `chunks` of them are staged.
  func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws -> WriteResult
}

/// Needs housekeeping from time to time.
package protocol MaintainedBackend: IndexBackend {
  /// Does one bounded piece of housekeeping, such as giving back the room of removed vectors.
  /// - Returns: whether there is more to do.
  func maintain(_ generation: GenerationName) async throws -> Bool
  /// Deleted documents after `after`, in the order of their ids.
  func tombstones(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentRevision]
  /// Forgets deleted documents for which no older job exists any more, unless a newer revision came meanwhile.
  func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws
}
