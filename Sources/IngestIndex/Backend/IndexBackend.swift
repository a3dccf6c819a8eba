package import IngestCore

/// Storage for the chunks of generations, in files on this machine or in a server.
///
/// Every back end implements this protocol. Additional abilities are separate roles: ``VerifiableBackend``,
/// ``StagingBackend`` and ``MaintainedBackend``. The guarantees of a back end are in its ``capabilities``.
///
/// Every method that writes is durable when it returns, and may be repeated: when a worker dies, another one calls the
/// same method again. All methods throw ``IndexError``. ``IndexError/generationMissing(_:)`` means that the generation
/// was deleted or never created.
package protocol IndexBackend: Sendable {
  /// The name used in a generation's spec, such as `sqlite`.
  var name: String { get }
  var capabilities: BackendCapabilities { get }
  /// The server that the back end calls, as `host` or `host:port`; nil for a back end that cannot be unreachable. Calls
  /// to an endpoint pass the breaker `index:NAME@ENDPOINT`.
  var endpoint: String? { get }

  /// Creates an empty generation. An existing one with the same number of dimensions stays unchanged.
  func create(_ generation: GenerationName, dimensions: Int) async throws
  /// Removes a generation with all its contents. Removing a missing generation is no error. A search in flight either
  /// completes or finds the generation missing.
  func delete(_ generation: GenerationName) async throws

  /// Stores a revision of a document, of any size.
  ///
  /// With ``BackendCapabilities/atomicShow`` it replaces the lower revisions in one step. Without it, the new chunks are
  /// stored beside the old ones until ``sweep(_:below:in:)``: removing the old ones here would lose the document,
  /// because the catalogue does not hold the new revision yet.
  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult
  /// Removes all chunks up to this revision. With ``BackendCapabilities/refusesLower`` it leaves a tombstone, which
  /// makes later writes of lower revisions fail as stale.
  func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws -> WriteResult
  /// Removes the chunks of lower revisions, once the catalogue holds this one. Does nothing if a write has already done
  /// so.
  func sweep(_ document: DocumentID, below revision: Int, in generation: GenerationName) async throws

  /// Returns the requested lists from one read. With ``BackendCapabilities/snapshotReads`` that read is a snapshot.
  func candidates(_ request: CandidateRequest, in generation: GenerationName) async throws -> Candidates

  /// Returns counts. They are exact with ``BackendCapabilities/exactCounts``; otherwise they are an estimate and prove
  /// nothing.
  func counts(in generation: GenerationName) async throws -> IndexCounts

  /// This back end in each of its further roles; nil for a role that it does not have. The default is whether the type
  /// conforms. A wrapper has the roles of the back end that it wraps.
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

/// A back end that lists what a generation contains, so that it can be compared with the catalogue, and that removes
/// wrong entries.
package protocol VerifiableBackend: IndexBackend {
  /// Returns the contents by document, in the order of document ids: at most `limit` documents, fewer where they are
  /// large. The result is empty at the end.
  func inventory(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentInventory]
  /// Returns the contents for one document; nil if the generation has nothing of it.
  func inventory(of document: DocumentID, in generation: GenerationName) async throws -> DocumentInventory?
  /// Returns the stored revisions of a document; nil if the generation has nothing of it.
  func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions?
  /// Returns the chunks of one document that searches find, in order; nil if the generation has nothing of it.
  func chunks(of document: DocumentID, in generation: GenerationName) async throws -> DocumentChunks?
  /// Removes every chunk of these revisions, visible or not. If the applied revision is among them, it can be written
  /// again.
  func purge(
    _ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName
  ) async throws
  /// Removes the staged chunks of a revision that is not visible. A writer that is staging it then finds a gap and
  /// starts over.
  func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws
  /// Counts entries that belong to no document. No search returns them, and only damage from outside can create them.
  func strays(in generation: GenerationName) async throws -> Int
  /// Removes the entries that belong to no document. The time grows with the generation, and other writers may wait for
  /// it.
  func purgeStrays(in generation: GenerationName) async throws
}

/// A back end that accepts a document in slices, for documents too large to hold in memory. Other back ends get all
/// chunks of a document in one ``IndexBackend/write(_:into:)``.
package protocol StagingBackend: IndexBackend {
  /// Returns how many chunks of a revision that is not visible yet are stored. ``stage(_:into:)`` continues there.
  func staged(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws -> Int
  /// Stores a run of chunks that no search returns until ``publish(_:chunks:into:)``. Chunks that are already stored
  /// are skipped. A run that would leave a gap is refused.
  func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult
  /// Makes the staged chunks visible instead of the lower revisions, in one step, then removes the lower ones.
  /// - Throws: ``IndexError/incomplete(_:staged:expected:)`` unless exactly `chunks` chunks are staged.
  func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws -> WriteResult
}

/// A back end that needs housekeeping from time to time.
package protocol MaintainedBackend: IndexBackend {
  /// Does one bounded piece of housekeeping, such as freeing the space of removed vectors.
  /// - Returns: whether there is more to do.
  func maintain(_ generation: GenerationName) async throws -> Bool
  /// Returns deleted documents after `after`, in the order of their ids.
  func tombstones(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentRevision]
  /// Removes the tombstones of deleted documents for which no older job exists any more, unless a newer revision was
  /// written meanwhile.
  func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws
}
