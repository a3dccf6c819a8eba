/// The catalogue operations on indexes and generations. One method is one transaction.
package protocol GenerationStore: Sendable {
  func indexNames() async throws -> [String]
  /// Returns the generations of an index by number, without counts.
  /// - Throws: `INDEX_NOT_FOUND`.
  func list(_ index: String) async throws -> [Generation]
  /// Returns the generations with counts of what each holds and lacks. It reads every document, so it is for people
  /// only.
  /// - Throws: `INDEX_NOT_FOUND`.
  func generations(of index: String) async throws -> [GenerationReport]
  /// Returns the generation that queries read. - Throws: `INDEX_NOT_FOUND`, `INDEX_NOT_READY`.
  func live(_ index: String) async throws -> Generation
  func generation(_ index: String, _ number: Int) async throws -> Generation
  /// Returns the number of the generation that the live one replaced; nil for a first one.
  func previous(of index: String) async throws -> Int?

  /// Creates an index with a first generation, which is `building` until ``activateFirst(_:actor:)``. Returns the
  /// existing generation if the index exists.
  func createIndex(_ name: String, spec: GenerationSpec, actor: String) async throws -> Generation
  /// Makes the first generation live when its back end is ready.
  func activateFirst(_ generation: Generation, actor: String) async throws
  /// Makes a generation in state `building`, with the job that fills and verifies it. Every submit from now on writes
  /// to it too.
  func openGeneration(
    index: String, spec: GenerationSpec, reindex: PinnedWorkflow, actor: String
  ) async throws -> (generation: Generation, job: JobID)
  /// Queues a job for each of the next documents that the generation does not hold at the wanted revision and for which
  /// no job is under way.
  /// - Parameter after: the cursor that the last call returned; nil at first.
  func fill(
    index: String, generation: Int, after: DocumentID?, limit: Int, actor: String
  ) async throws -> FillReport

  /// Makes another generation live, in one transaction.
  /// - Throws: `SWAP_REFUSED` with what is missing, `SWAP_CONFLICT` when another swap came first.
  func swap(_ request: SwapRequest) async throws -> SwapReport
  /// Returns what would make a swap to this generation fail.
  func gate(_ index: String, to generation: Int) async throws -> SwapGate
  /// Closes the generation for good: no job is queued for it from now on, waiting jobs are cancelled, and running jobs
  /// are asked to stop.
  /// - Returns: how many jobs still run. Its files may be deleted when none does.
  /// - Throws: `GENERATION_LIVE`.
  func closeGeneration(_ index: String, _ number: Int, actor: String) async throws -> Int
  func history(_ index: String, limit: Int) async throws -> [HistoryEntry]

  /// Returns what the catalogue expects a generation to hold, ordered by document id.
  func holdings(_ index: String, _ number: Int, after: DocumentID?, limit: Int) async throws -> [Holding]
  /// Returns the catalogue's current entries for single documents.
  func holdings(_ index: String, _ number: Int, of documents: [DocumentID]) async throws -> [Holding]
  /// Queues the wanted revision of these documents for one generation again, and forgets what it holds of them.
  func requeue(_ index: String, _ number: Int, documents: [DocumentID], actor: String) async throws -> Int
  /// Queues the wanted revision of these documents for one generation, which keeps what it holds until then.
  func queueWanted(_ index: String, _ number: Int, documents: [DocumentID], actor: String) async throws -> Int

  /// Returns the writes that jobs may have made without reporting them, where no other job is open for the same document.
  /// - Parameters:
  ///   - cursor: where the page before said that this one begins; nil for the first page.
  ///   - limit: the most writes in one page.
  func unsettledWrites(
    _ scope: UnsettledScope, from cursor: UnsettledPage.Cursor?, limit: Int
  ) async throws -> UnsettledPage
  /// Returns whether the write is still unsettled and no job is open for the same document.
  func isSettleable(_ write: UnsettledWrite) async throws -> Bool
  /// Records what the generation shows, if it is this write. A write that is not shown is checked again, less and less
  /// often, for a day. A write stays unsettled if a job has been queued for its document meanwhile.
  func settle(_ write: UnsettledWrite, shown: ShownRevision?) async throws
}

/// A generation, as lists show it.
package struct GenerationReport: Sendable {
  package var generation: Generation
  package var documents: Int
  package var chunks: Int
  /// Documents whose wanted revision it does not hold yet. Documents whose job is a dead letter count in ``dead``.
  package var behind: Int
  package var dead: Int

  package init(generation: Generation, documents: Int, chunks: Int, behind: Int, dead: Int) {
    self.generation = generation
    self.documents = documents
    self.chunks = chunks
    self.behind = behind
    self.dead = dead
  }
}

/// A document's revision that a generation holds, and the revision that it should hold.
package struct Holding: Hashable, Sendable {
  package var document: DocumentID
  package var uri: String
  package var wanted: Int
  package var wantedChange: DocumentTask.Change
  /// Nil when it holds nothing of the document yet.
  package var revision: Int?
  package var change: DocumentTask.Change?
  package var chunks: Int
  /// Whether a job of this document and generation is open, so that the contents may change at any moment.
  package var inFlight: Bool
  /// Whether the job of the wanted revision is a dead letter.
  package var died: Bool

  package init(
    document: DocumentID, uri: String, wanted: Int, wantedChange: DocumentTask.Change, revision: Int?,
    change: DocumentTask.Change?, chunks: Int, inFlight: Bool, died: Bool
  ) {
    self.document = document
    self.uri = uri
    self.wanted = wanted
    self.wantedChange = wantedChange
    self.revision = revision
    self.change = change
    self.chunks = chunks
    self.inFlight = inFlight
    self.died = died
  }
}

package struct FillReport: Sendable, Hashable {
  package var queued: Int
  /// The cursor for the next call; nil at the end.
  package var next: DocumentID?

  package init(queued: Int, next: DocumentID?) {
    self.queued = queued
    self.next = next
  }
}

package struct SwapRequest: Sendable {
  package var index: String
  package var to: Int
  /// The generation that it replaces. If another one is live by then, the swap fails with `SWAP_CONFLICT`.
  package var from: Int
  /// The number of documents that may be missing; they are given up.
  package var acceptMissing: Int
  /// Whether this is a rollback, which may be behind only when forced.
  package var rollback: Bool
  package var force: Bool
  package var actor: String

  package init(
    index: String, to: Int, from: Int, acceptMissing: Int = 0, rollback: Bool = false, force: Bool = false,
    actor: String
  ) {
    self.index = index
    self.to = to
    self.from = from
    self.acceptMissing = acceptMissing
    self.rollback = rollback
    self.force = force
    self.actor = actor
  }
}

/// The documents that a generation lacks compared to the live one.
package struct SwapGate: Sendable, Hashable {
  /// The number of documents of which this generation holds no revision, or an older one than the live generation; plus
  /// the documents that only this generation still holds, because the live one deleted them.
  package var lacking: Int
  /// The lacking documents whose job is a dead letter in this generation, at most 50.
  package var died: [String]
  package var diedTotal: Int

  package init(lacking: Int, died: [String], diedTotal: Int) {
    self.lacking = lacking
    self.died = died
    self.diedTotal = diedTotal
  }
}

/// The result of a swap or a rollback. Front doors print it as it is, with keys in snake case.
package struct SwapReport: Codable, Hashable, Sendable {
  package var index: String
  package var live: Int
  package var previous: Int
  /// Documents that were missing and given up.
  package var missing: Int

  package init(index: String, live: Int, previous: Int, missing: Int) {
    self.index = index
    self.live = live
    self.previous = previous
    self.missing = missing
  }
}

/// One entry of the history of an index. Front doors print it as it is, with keys in snake case.
package struct HistoryEntry: Codable, Hashable, Sendable {
  package var at: Timestamp
  package var kind: String
  package var actor: String
  package var generation: Int
  package var detail: String?

  package init(at: Timestamp, kind: String, actor: String, generation: Int, detail: String?) {
    self.at = at
    self.kind = kind
    self.actor = actor
    self.generation = generation
    self.detail = detail
  }
}
