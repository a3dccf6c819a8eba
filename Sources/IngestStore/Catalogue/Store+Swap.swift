package import IngestCore
import IngestSQL

/// The swap: its gate, and the one transaction that moves readers.
extension Store {
  package func gate(_ index: String, to generation: Int) async throws -> SwapGate {
    try await read { db in
      let green = try db.generation(index, generation)
      guard let live = try db.liveKey(index: green.indexKey) else {
        return SwapGate(lacking: 0, died: [], diedTotal: 0)
      }
      return try db.gate(live: live.key, green: green.key)
    }
  }

  package func swap(_ request: SwapRequest) async throws -> SwapReport {
    try await swap(request, seen: try await lookAtGate(request))
  }

  /// A gate as it was at one cursor of the journal.
  package struct GateLook: Sendable {
    var cursor: JournalCursor
    var gate: SwapGate
  }

  /// Reads the gate. This takes long, so it runs on a reader while others write.
  package func lookAtGate(_ request: SwapRequest) async throws -> GateLook {
    try await read { db in
      let green = try db.generation(request.index, request.to)
      let cursor = try CommitOrder.end(ofJournal: db)
      let live = try db.liveKey(index: green.indexKey)
      let gate = try live.map { try db.gate(live: $0.key, green: green.key) }
      return GateLook(cursor: cursor, gate: gate ?? SwapGate(lacking: 0, died: [], diedTotal: 0))
    }
  }

  /// Swaps. The transaction checks only documents that changed since the gate was read.
  package func swap(_ request: SwapRequest, seen: GateLook) async throws -> SwapReport {
    if let refusal = request.refusal(lacking: seen.gate.lacking, gate: seen.gate) { throw refusal }
    return try await write { transaction in try transaction.swap(request, seen: seen) }
  }
}

extension WriteTransaction {
  func swap(_ request: SwapRequest, seen: Store.GateLook) throws -> SwapReport {
    let green = try db.generation(request.index, request.to)
    guard let live = try db.liveKey(index: green.indexKey) else {
      throw Failure.generationNotFound(request.index, request.from)
    }
    if let conflict = request.conflict(live: live.number, state: green.value.state) { throw conflict }
    guard try CommitOrder.isComplete(behind: seen.cursor, db) else { throw request.isStale }
    // A document that was lacking then and has changed since counts twice: better a needless second try than a swap
    // that lacks a document.
    let missing = seen.gate.lacking + (try db.lacking(since: seen.cursor, live: live.key, green: green.key))
    if let refusal = request.refusal(lacking: missing, gate: seen.gate) { throw refusal }
    _ = try db.run(
      "UPDATE generations SET state = 'retired', changed_at = \(now.rawValue) WHERE key = \(live.key)")
    _ = try db.run(
      """
      UPDATE generations SET state = 'live', previous = \(live.number), changed_at = \(now.rawValue)
      WHERE key = \(green.key)
      """)
    try journal(
      request.rollback ? "rolled-back" : "swapped", actor: request.actor, generation: green.key,
      data: missing > 0 ? "from \(live.number), \(missing) missing documents accepted" : "from \(live.number)")
    return SwapReport(index: request.index, live: request.to, previous: live.number, missing: missing)
  }
}

extension Connection {
  func liveKey(index: Int64) throws -> (key: Int64, number: Int, previous: Int?)? {
    try first("SELECT key, number, previous FROM generations WHERE index_key = \(index) AND state = 'live'") {
      ($0.int64(0), $0.int(1), $0.optionalInt(2))
    }
  }

  /// The condition that green lacks a document: live holds it and green does not hold live's revision or a later one,
  /// or live deleted it and green still holds an older revision.
  private static let lacks: StaticString = """
    (l.change = 'content' AND (g.revision IS NULL OR g.revision < l.revision))
    OR (l.change = 'delete' AND g.change = 'content' AND g.revision < l.revision)
    """

  fileprivate func gate(live: Int64, green: Int64) throws -> SwapGate {
    let lacking = try first(
      """
      SELECT count(*) FROM holdings l
        LEFT JOIN holdings g ON g.generation_key = \(green) AND g.document_key = l.document_key
      WHERE l.generation_key = \(live) AND (\(raw: Self.lacks))
      """
    ) { $0.int(0) }
    let died = try rows(
      """
      SELECT DISTINCT d.uri FROM jobs j INDEXED BY jobs_dead CROSS JOIN documents d ON d.key = j.document_key
        JOIN holdings l ON l.generation_key = \(live) AND l.document_key = j.document_key
        LEFT JOIN holdings g ON g.generation_key = \(green) AND g.document_key = j.document_key
      WHERE j.state = 'dead' AND j.generation_key = \(green) AND (\(raw: Self.lacks))
      """
    ) { $0.text(0) }
    return SwapGate(lacking: lacking ?? 0, died: Array(died.prefix(50)), diedTotal: died.count)
  }

  /// Returns how many of the documents that changed after the cursor are lacking now.
  fileprivate func lacking(since cursor: JournalCursor, live: Int64, green: Int64) throws -> Int {
    try first(
      """
      SELECT count(*) FROM (SELECT DISTINCT document_key FROM journal
          WHERE \(sql: CommitOrder.isBehind(cursor)) AND document_key IS NOT NULL) c
        JOIN holdings l ON l.generation_key = \(live) AND l.document_key = c.document_key
        LEFT JOIN holdings g ON g.generation_key = \(green) AND g.document_key = c.document_key
      WHERE \(raw: Self.lacks)
      """
    ) { $0.int(0) } ?? 0
  }
}
