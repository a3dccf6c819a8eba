/// What index operations ask of the catalogue. One method is one transaction.
package protocol GenerationStore: Sendable {
  func indexNames() async throws -> [String]
  /// The generations of an index by number, and nothing counted.
  /// - Throws: `INDEX_NOT_FOUND`.
  func list(_ index: String) async throws -> [Generation]
  /// The same with what each holds and lacks, which looks at every document: for people.
  /// - Throws: `INDEX_NOT_FOUND`.
  func generations(of index: String) async throws -> [GenerationReport]
  /// The generation that readers see. - Throws: `INDEX_NOT_FOUND`, `INDEX_NOT_READY`.
  func live(_ index: String) async throws -> Generation
  func generation(_ index: String, _ number: Int) async throws -> Generation
  /// The number of the generation that live replaced; nil for a first one.
  func previous(of index: String) async throws -> Int?

  /// The index with a first generation, `building` until ``activateFirst(_:actor:)``; the one already there if it is.
  func createIndex(_ name: String, spec: GenerationSpec, actor: String) async throws -> Generation
  /// Makes the first generation live once its back end stands.
  func activateFirst(_ generation: Generation, actor: String) async throws
  /// A new generation in state `building`, with the job that fills and proves it; every submit from now on goes to it too.
  func openGeneration(
    index: String, spec: GenerationSpec, reindex: PinnedWorkflow, actor: String
  ) async throws -> (generation: Generation, job: JobID)
  /// Queues a job for each of the next documents that the generation does not hold at the wanted revision and that no job
  /// is under way for.
  /// - Parameter after: the cursor that the last call returned; nil at first.
  func fill(
    index: String, generation: Int, after: DocumentID?, limit: Int, actor: String
  ) async throws -> FillReport

  /// Readers move from one generation to another, in one transaction.
  /// - Throws: `SWAP_REFUSED` with what is lacking, `SWAP_CONFLICT` when another swap came first.
  func swap(_ request: SwapRequest) async throws -> SwapReport
  /// What a swap to this generation would be refused for.
  func gate(_ index: String, to generation: Int) async throws -> SwapGate
  /// Takes the generation out of service for good: no job is queued for it from now on, those that wait are cancelled,
  /// those that run are asked to stop.
  /// - Returns: how many still run; its files may go when none does.
  /// - Throws: `GENERATION_LIVE`.
  func closeGeneration(_ index: String, _ number: Int, actor: String) async throws -> Int
  func history(_ index: String, limit: Int) async throws -> [HistoryEntry]

  /// What the catalogue expects a generation to hold, in order of document id.
  func holdings(_ index: String, _ number: Int, after: DocumentID?, limit: Int) async throws -> [Holding]
  /// What the catalogue says now of single documents.
  func holdings(_ index: String, _ number: Int, of documents: [DocumentID]) async throws -> [Holding]
  /// Queues the wanted revision of these documents anew for one generation, forgetting what it holds.
  func requeue(_ index: String, _ number: Int, documents: [DocumentID], actor: String) async throws -> Int
  /// Queues the wanted revision of these documents for one generation, which goes on holding what it holds until then.
  func queueWanted(_ index: String, _ number: Int, documents: [DocumentID], actor: String) async throws -> Int

  /// What jobs may have written without a word to the catalogue, where no other job is open for the same document; in the
  /// order in which it was noted.
  /// - Parameter after: the key of the last one of the page before; 0 at first.
  func unsettledWrites(_ scope: UnsettledScope, after: Int64, limit: Int) async throws -> [UnsettledWrite]
  /// Whether it is still to be settled and no job is open for the same document.
  func isSettleable(_ write: UnsettledWrite) async throws -> Bool
  /// Takes over what the generation was seen to show, if it is that write. One that is not shown is looked for again, ever
  /// less often, for a day; one for which a job has been queued meanwhile stays as it is.
  func settle(_ write: UnsettledWrite, shown: ShownRevision?) async throws
}

/// A generation as it is listed.
package struct GenerationReport: Sendable {
  package var generation: Generation
  package var documents: Int
  package var chunks: Int
  /// Documents whose wanted revision it does not hold yet; those whose job died count as ``dead``.
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

/// What a generation holds of one document, beside what is wanted.
package struct Holding: Hashable, Sendable {
  package var document: DocumentID
  package var uri: String
  package var wanted: Int
  package var wantedChange: DocumentTask.Change
  /// Nil when it holds nothing of it yet.
  package var revision: Int?
  package var change: DocumentTask.Change?
  package var chunks: Int
  /// A job of this document and generation is open: what is there may change at any moment.
  package var inFlight: Bool
  /// The job of the wanted revision is a dead letter.
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
  /// Where to go on; nil at the end.
  package var next: DocumentID?

  package init(queued: Int, next: DocumentID?) {
    self.queued = queued
    self.next = next
  }
}

package struct SwapRequest: Sendable {
  package var index: String
  package var to: Int
  /// The generation it replaces; another live one by then is `SWAP_CONFLICT`.
  package var from: Int
  /// So many documents may be missing, and are let go.
  package var acceptMissing: Int
  /// A way back: allowed to be behind only when forced.
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

/// What a generation lacks of what live holds.
package struct SwapGate: Sendable, Hashable {
  /// Documents that live holds and it does not, at live's revision or later, or that live deleted and it holds.
  package var lacking: Int
  /// Those of them whose job died in it, at most 50.
  package var died: [String]
  package var diedTotal: Int

  package init(lacking: Int, died: [String], diedTotal: Int) {
    self.lacking = lacking
    self.died = died
    self.diedTotal = diedTotal
  }
}

package struct SwapReport: Sendable {
  package var index: String
  package var live: Int
  package var previous: Int
  /// Documents that were let go.
  package var missing: Int

  package init(index: String, live: Int, previous: Int, missing: Int) {
    self.index = index
    self.live = live
    self.previous = previous
    self.missing = missing
  }
}

package struct HistoryEntry: Sendable {
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
