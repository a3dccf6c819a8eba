package import IngestCore
import IngestSQL

/// The swap: its gate, and the one step in which readers move.
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

  /// A gate as it was at one place in the journal.
  package struct GateLook: Sendable {
    var cursor: JournalCursor
    var gate: SwapGate
  }

  /// The long look, taken on a reader while others write.
  package func lookAtGate(_ request: SwapRequest) async throws -> GateLook {
    try await read { db in
      let green = try db.generation(request.index, request.to)
      let cursor = try CommitOrder.end(ofJournal: db)
      let live = try db.liveKey(index: green.indexKey)
      let gate = try live.map { try db.gate(live: $0.key, green: green.key) }
      return GateLook(cursor: cursor, gate: gate ?? SwapGate(lacking: 0, died: [], diedTotal: 0))
    }
  }

  /// The swap itself; its transaction looks again only at what changed since the long look.
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
    // What was lacking then and changed since counts twice: better a second try than a document too few.
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
      data: missing > 0 ? "from \(live.number), \(missing) documents let go" : "from \(live.number)")
    return SwapReport(index: request.index, live: request.to, previous: live.number, missing: missing)
  }
}

extension Connection {
  func liveKey(index: Int64) throws -> (key: Int64, number: Int, previous: Int?)? {
    try first("SELECT key, number, previous FROM generations WHERE index_key = \(index) AND state = 'live'") {
      ($0.int64(0), $0.int(1), $0.optionalInt(2))
    }
  }

  /// What live holds and green does not, at live's revision or later; and what live deleted and green still holds.
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

  /// How many of the documents that changed behind a place in the journal are lacking now.
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
