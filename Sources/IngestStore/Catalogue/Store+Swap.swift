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

  /// A gate as it was at one line of the journal.
  package struct GateLook: Sendable {
    var seq: Int64
    var gate: SwapGate
  }

  /// The long look, taken on a reader while others write.
  package func lookAtGate(_ request: SwapRequest) async throws -> GateLook {
    try await read { db in
      let green = try db.generation(request.index, request.to)
      let seq = try db.first("SELECT coalesce(max(seq), 0) FROM journal") { $0.int64(0) } ?? 0
      let live = try db.liveKey(index: green.indexKey)
      let gate = try live.map { try db.gate(live: $0.key, green: green.key) }
      return GateLook(seq: seq, gate: gate ?? SwapGate(lacking: 0, died: [], diedTotal: 0))
    }
  }

  /// The swap itself; its transaction looks again only at what changed since the long look.
  package func swap(_ request: SwapRequest, seen: GateLook) async throws -> SwapReport {
    try request.check(lacking: seen.gate.lacking, gate: seen.gate)
    return try await write { transition in try transition.swap(request, seen: seen) }
  }
}

extension SwapRequest {
  /// - Throws: `SWAP_REFUSED`, `ROLLBACK_BEHIND`.
  fileprivate func check(lacking: Int, gate: SwapGate) throws {
    guard rollback else {
      guard lacking <= acceptMissing else { throw Failure.swapRefused(self, lacking: lacking, gate: gate) }
      return
    }
    guard lacking == 0 || force else {
      throw Failure(
        .permanent, code: "ROLLBACK_BEHIND",
        "Generation \(to) of '\(index)' is \(lacking) changes behind what live holds.",
        hint: "Let the workers drain, or roll back with --force.", category: .refused)
    }
  }
}

extension Transition {
  func swap(_ request: SwapRequest, seen: Store.GateLook) throws -> SwapReport {
    let green = try db.generation(request.index, request.to)
    guard let live = try db.liveKey(index: green.indexKey) else {
      throw Failure.generationNotFound(request.index, request.from)
    }
    guard live.number == request.from, green.value.isOpen, green.key != live.key else {
      throw Failure(
        .permanent, code: "SWAP_CONFLICT",
        "Generation \(live.number) of '\(request.index)' is live and generation \(request.to) is \(green.value.state.rawValue).",
        hint: "Look with \(Action(.indexShow, request.index)), then decide again.", category: .refused)
    }
    guard try db.first("SELECT journal_pruned FROM flow", { $0.int64(0) }) ?? 0 <= seen.seq else {
      throw Failure(
        .transient, code: "SWAP_CONFLICT", "The look at generation \(request.to) of '\(request.index)' is too old.",
        hint: "Swap again.", category: .later)
    }
    // What was lacking then and changed since counts twice: better a second try than a document too few.
    let missing = seen.gate.lacking + (try db.lackingSince(seen.seq, live: live.key, green: green.key))
    try request.check(lacking: missing, gate: seen.gate)
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

  /// How many of the documents that changed after a line of the journal are lacking now.
  fileprivate func lackingSince(_ seq: Int64, live: Int64, green: Int64) throws -> Int {
    try first(
      """
      SELECT count(*) FROM (SELECT DISTINCT document_key FROM journal
          WHERE seq > \(seq) AND document_key IS NOT NULL) c
        JOIN holdings l ON l.generation_key = \(live) AND l.document_key = c.document_key
        LEFT JOIN holdings g ON g.generation_key = \(green) AND g.document_key = c.document_key
      WHERE \(raw: Self.lacks)
      """
    ) { $0.int(0) } ?? 0
  }
}

extension Failure {
  fileprivate static func swapRefused(_ request: SwapRequest, lacking: Int, gate: SwapGate?) -> Failure {
    let died = gate?.diedTotal ?? 0
    let named = (gate?.died ?? []).prefix(10).map { uri in
      Failure(
        .permanent, code: "DOCUMENT_DIED", "The job of \(uri) died in generation \(request.to).", category: .refused)
    }
    // What is on its way comes by itself; what died needs a person.
    return Failure(
      died > 0 ? .permanent : .transient, code: "SWAP_REFUSED",
      "Generation \(request.to) of '\(request.index)' lacks \(lacking) \(lacking == 1 ? "document" : "documents") that live holds"
        + (died > 0 ? ", \(died) of them because their jobs died." : "."),
      hint: died > 0
        ? "\(Action(.deadList, with: ["index": request.index])) names them: redrive, or swap with --accept-missing \(lacking)."
        : "Let the workers drain, then swap again.", category: .refused,
      reason: .swapLacking, causes: named)
  }
}
