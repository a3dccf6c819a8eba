import IngestCore
import IngestTestKit

/// A store of generations with crash points around its writes.
struct GenerationsUnderFire: GenerationStore {
  let base: any GenerationStore
  let fire: Fire

  func indexNames() async throws -> [String] { try await base.indexNames() }
  func list(_ index: String) async throws -> [Generation] { try await base.list(index) }
  func generations(of index: String) async throws -> [GenerationReport] { try await base.generations(of: index) }
  func live(_ index: String) async throws -> Generation { try await base.live(index) }
  func generation(_ index: String, _ number: Int) async throws -> Generation {
    try await base.generation(index, number)
  }
  func previous(of index: String) async throws -> Int? { try await base.previous(of: index) }

  func createIndex(_ name: String, spec: GenerationSpec, actor: String) async throws -> Generation {
    try await base.createIndex(name, spec: spec, actor: actor)
  }

  func activateFirst(_ generation: Generation, actor: String) async throws {
    try await base.activateFirst(generation, actor: actor)
  }

  func openGeneration(
    index: String, spec: GenerationSpec, reindex: PinnedWorkflow, actor: String
  ) async throws -> (generation: Generation, job: JobID) {
    try await fire.around(.openBefore, .openAfter) {
      try await base.openGeneration(index: index, spec: spec, reindex: reindex, actor: actor)
    }
  }

  func fill(
    index: String, generation: Int, after: DocumentID?, limit: Int, actor: String
  ) async throws -> FillReport {
    try await fire.around(.fillBefore, .fillAfter) {
      try await base.fill(index: index, generation: generation, after: after, limit: limit, actor: actor)
    }
  }

  func swap(_ request: SwapRequest) async throws -> SwapReport {
    if fire.bug == .swapInTwo { return try await swapInTwo(request) }
    return try await fire.around(.swapBefore, .swapAfter) { try await base.swap(request) }
  }

  /// Does the swap as if the alias were dropped and created again.
  private func swapInTwo(_ request: SwapRequest) async throws -> SwapReport {
    let words = CommandLine.arguments
    guard let option = words.firstIndex(of: "--data"), option + 1 < words.count else { throw LeaseLost() }
    let database = words[option + 1] + "/ingestd.db"
    let generation = "index_key = (SELECT key FROM indexes WHERE name = '\(request.index)') AND number ="
    try await DatabaseEdit.run(
      "UPDATE generations SET state = 'retired' WHERE \(generation) \(request.from)", on: database)
    fire.pass(.swapBefore)
    try await DatabaseEdit.run(
      "UPDATE generations SET state = 'live', previous = \(request.from) WHERE \(generation) \(request.to)",
      on: database)
    return SwapReport(index: request.index, live: request.to, previous: request.from, missing: 0)
  }

  func gate(_ index: String, to generation: Int) async throws -> SwapGate {
    try await base.gate(index, to: generation)
  }

  func closeGeneration(_ index: String, _ number: Int, actor: String) async throws -> Int {
    try await fire.around(.closeBefore, .closeAfter) {
      try await base.closeGeneration(index, number, actor: actor)
    }
  }

  func history(_ index: String, limit: Int) async throws -> [HistoryEntry] {
    try await base.history(index, limit: limit)
  }
  func holdings(_ index: String, _ number: Int, after: DocumentID?, limit: Int) async throws -> [Holding] {
    try await base.holdings(index, number, after: after, limit: limit)
  }
  func holdings(_ index: String, _ number: Int, of documents: [DocumentID]) async throws -> [Holding] {
    try await base.holdings(index, number, of: documents)
  }
  func requeue(_ index: String, _ number: Int, documents: [DocumentID], actor: String) async throws -> Int {
    try await base.requeue(index, number, documents: documents, actor: actor)
  }
  func queueWanted(_ index: String, _ number: Int, documents: [DocumentID], actor: String) async throws -> Int {
    try await base.queueWanted(index, number, documents: documents, actor: actor)
  }
  func unsettledWrites(
    _ scope: UnsettledScope, from cursor: UnsettledPage.Cursor?, limit: Int
  ) async throws -> UnsettledPage {
    try await base.unsettledWrites(scope, from: cursor, limit: limit)
  }
  func isSettleable(_ write: UnsettledWrite) async throws -> Bool { try await base.isSettleable(write) }
  func settle(_ write: UnsettledWrite, shown: ShownRevision?) async throws {
    try await fire.around(.settleBefore, .settleAfter) { try await base.settle(write, shown: shown) }
  }
}
