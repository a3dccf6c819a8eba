package import IngestCore
import IngestSQL

/// Indexes and their generations, as operations read and change them.
extension Store: GenerationStore {
  package func indexNames() async throws -> [String] {
    try await read { db in try db.rows("SELECT name FROM indexes ORDER BY name") { $0.text(0) } }
  }

  package func list(_ index: String) async throws -> [Generation] {
    try await read { db in
      let index = try db.index(index)
      return try db.rows(
        "SELECT \(raw: GenerationRow.columns) FROM generations WHERE index_key = \(index.key) ORDER BY number"
      ) { try GenerationRow($0, index: index.name).value }
    }
  }

  package func generations(of index: String) async throws -> [GenerationReport] {
    try await read { db in
      let index = try db.index(index)
      let generations = try db.rows(
        "SELECT \(raw: GenerationRow.columns) FROM generations WHERE index_key = \(index.key) ORDER BY number"
      ) { try GenerationRow($0, index: index.name) }
      return try generations.map { generation in
        let held = try db.first(
          """
          SELECT count(*), coalesce(sum(chunks), 0) FROM holdings
          WHERE generation_key = \(generation.key) AND change = 'content'
          """
        ) { ($0.int(0), $0.int(1)) }
        let dead = try db.first(
          "SELECT count(*) FROM jobs WHERE state = 'dead' AND generation_key = \(generation.key)"
        ) { $0.int(0) }
        return GenerationReport(
          generation: generation.value, documents: held?.0 ?? 0, chunks: held?.1 ?? 0,
          behind: generation.value.isOpen ? try db.behind(generation: generation.key, index: index.key) : 0,
          dead: dead ?? 0)
      }
    }
  }

  package func live(_ index: String) async throws -> Generation {
    try await read { db in
      let known = try db.index(index)
      let live = try db.first(
        """
        SELECT \(raw: GenerationRow.columns) FROM generations WHERE index_key = \(known.key) AND state = 'live'
        """
      ) { try GenerationRow($0, index: known.name).value }
      guard let live else {
        throw Failure(
          .unavailable, code: "INDEX_NOT_READY", "Index '\(index)' has no live generation yet.",
          hint: "\(Action(.indexCreate, index)) finishes an interrupted creation.", category: .later)
      }
      return live
    }
  }

  package func generation(_ index: String, _ number: Int) async throws -> Generation {
    try await read { db in try db.generation(index, number).value }
  }

  package func previous(of index: String) async throws -> Int? {
    try await read { db in try db.liveKey(index: try db.index(index).key)?.previous }
  }

  package func createIndex(_ name: String, spec: GenerationSpec, actor: String) async throws -> Generation {
    try await write { transaction in
      let db = transaction.db
      let known = try db.first(
        """
        SELECT \(raw: GenerationRow.columns) FROM generations
        WHERE index_key = (SELECT key FROM indexes WHERE name = \(name)) ORDER BY state = 'live' DESC, number LIMIT 1
        """
      ) { try GenerationRow($0, index: name).value }
      if let known { return known }
      _ = try db.run("INSERT INTO indexes (name, created_at) VALUES (\(name), \(transaction.now.rawValue))")
      return try transaction.openGeneration(index: name, spec: spec, actor: actor)
    }
  }

  package func activateFirst(_ generation: Generation, actor: String) async throws {
    try await write { transaction in
      let row = try transaction.db.generation(generation.index, generation.number)
      let changed = try transaction.db.run(
        """
        UPDATE generations SET state = 'live', changed_at = \(transaction.now.rawValue)
        WHERE key = \(row.key) AND state = 'building' AND NOT EXISTS (
          SELECT 1 FROM generations g WHERE g.index_key = generations.index_key AND g.state = 'live')
        """)
      if changed > 0 { try transaction.journal("live", actor: actor, generation: row.key) }
    }
  }

  package func openGeneration(
    index: String, spec: GenerationSpec, reindex: PinnedWorkflow, actor: String
  ) async throws -> (generation: Generation, job: JobID) {
    return try await write { transaction in
      let known = try transaction.db.index(index)
      let generation = try transaction.openGeneration(index: known.name, spec: spec, actor: actor)
      let row = try transaction.db.generation(known.name, generation.number)
      let order = JobOrder(
        workflow: try transaction.workflowKey(reindex),
        source: try transaction.sourceKey(Self.system), sourceName: Self.system, priority: 0, notBefore: nil,
        deadline: reindex.definition.deadline, blob: nil, actor: actor)
      let task = try JSONText.encode(GenerationTask(index: known.name, generation: generation.number))
      let job = try transaction.insertJob(
        task: task, document: nil, content: nil, generation: row.key, order: order, blocked: false)
      return (generation, job)
    }
  }

  /// The source of jobs that belong to no document. Users cannot use this name.
  package static let system = "system"

  package func closeGeneration(_ index: String, _ number: Int, actor: String) async throws -> Int {
    while true {
      let (cancelled, running) = try await write { transaction in
        let db = transaction.db
        let row = try db.generation(index, number)
        try row.value.requireClosable()
        if row.value.state != .deleted {
          _ = try db.run(
            "UPDATE generations SET state = 'deleted', changed_at = \(transaction.now.rawValue) WHERE key = \(row.key)")
          try transaction.journal("deleted", actor: actor, generation: row.key)
        }
        let idle = try db.rows(
          """
          SELECT \(raw: JobRow.columns) FROM jobs
          WHERE generation_key = \(row.key) AND finished_at IS NULL AND state <> 'running' LIMIT 64
          """, JobRow.init)
        // A redrive of its dead letters would achieve nothing any more.
        let dead = try db.rows(
          "SELECT \(raw: JobRow.columns) FROM jobs WHERE state = 'dead' AND generation_key = \(row.key) LIMIT 64",
          JobRow.init)
        for job in idle + dead {
          // Read again: a child that ended may have woken its parent.
          guard let job = try transaction.job(job.key), job.state == .dead || !job.state.isEnd else { continue }
          try transaction.cancel(job, reason: "superseded", actor: actor)
        }
        let running = try db.run(
          """
          UPDATE jobs SET cancel_requested = 1
          WHERE generation_key = \(row.key) AND finished_at IS NULL AND state = 'running'
          """)
        if running > 0 { db.flag(CommitFlag.wake) }
        return (idle.count + dead.count, running)
      }
      if cancelled == 0 {
        try await forgetHoldings(index, number)
        return running
      }
    }
  }

  /// Removes a deleted generation's rows in slices, so that no other write waits long.
  private func forgetHoldings(_ index: String, _ number: Int) async throws {
    while true {
      let removed = try await write { transaction in
        let row = try transaction.db.generation(index, number)
        let unsettled = try transaction.db.run(
          """
          DELETE FROM unsettled_writes WHERE key IN (
            SELECT key FROM unsettled_writes WHERE generation_key = \(row.key) LIMIT 1000)
          """)
        return try unsettled
          + transaction.db.run(
            """
            DELETE FROM holdings WHERE generation_key = \(row.key) AND document_key IN (
              SELECT document_key FROM holdings WHERE generation_key = \(row.key) LIMIT 1000)
            """)
      }
      if removed == 0 { return }
    }
  }

  package func history(_ index: String, limit: Int) async throws -> [HistoryEntry] {
    try await read { db in
      let known = try db.index(index)
      return try db.rows(
        """
        SELECT j.at, j.kind, j.actor, g.number, j.data FROM generations g JOIN journal j ON j.generation_key = g.key
        WHERE g.index_key = \(known.key) AND j.job_key IS NULL AND j.document_key IS NULL ORDER BY j.seq DESC LIMIT \(limit)
        """
      ) { row in
        HistoryEntry(
          at: Timestamp(rawValue: row.int64(0)), kind: row.text(1), actor: row.text(2), generation: row.int(3),
          detail: row.optionalText(4))
      }
    }
  }
}

extension WriteTransaction {
  /// Opens a generation with a number that was never used before.
  fileprivate func openGeneration(index: String, spec: GenerationSpec, actor: String) throws -> Generation {
    let number = try db.first(
      "UPDATE indexes SET next_generation = next_generation + 1 WHERE name = \(index) RETURNING next_generation - 1"
    ) { $0.int(0) }
    guard let number else { throw Failure.indexNotFound(index, near: nil) }
    let key = try db.first(
      """
      INSERT INTO generations (index_key, number, state, spec, created_at, changed_at)
      SELECT key, \(number), 'building', \(JSONText.encode(spec)), \(now.rawValue), \(now.rawValue)
      FROM indexes WHERE name = \(index) RETURNING key
      """
    ) { $0.int64(0) }
    try journal("opened", actor: actor, generation: key, data: spec.embedder.name)
    return Generation(index: index, number: number, state: .building, spec: spec, createdAt: now)
  }
}

/// A generation and its key.
struct GenerationRow {
  var key: Int64
  var indexKey: Int64
  var previous: Int?
  var value: Generation

  static let columns: StaticString = "key, number, state, spec, created_at, index_key, previous"

  init(_ row: borrowing Row, index: String) throws {
    guard let state = Generation.State(rawValue: row.text(2)) else {
      throw Failure.damaged("a generation's state is '\(row.text(2))'")
    }
    key = row.int64(0)
    indexKey = row.int64(5)
    previous = row.optionalInt(6)
    value = Generation(
      index: index, number: row.int(1), state: state, spec: try JSONText.decode(GenerationSpec.self, row.text(3)),
      createdAt: Timestamp(rawValue: row.int64(4)))
  }
}

extension Connection {
  /// Returns an index.
  /// - Throws: `INDEX_NOT_FOUND` with the nearest name.
  func index(_ name: String) throws -> (key: Int64, name: String) {
    if let key = try first("SELECT key FROM indexes WHERE name = \(name)", { $0.int64(0) }) { return (key, name) }
    let names = try rows("SELECT name FROM indexes LIMIT 1000") { $0.text(0) }
    throw Failure.indexNotFound(name, near: nearestName(to: name, among: names))
  }

  /// Returns a generation.
  /// - Throws: `INDEX_NOT_FOUND`, `GENERATION_NOT_FOUND`.
  func generation(_ index: String, _ number: Int) throws -> GenerationRow {
    let known = try self.index(index)
    let row = try first(
      """
      SELECT \(raw: GenerationRow.columns) FROM generations WHERE index_key = \(known.key) AND number = \(number)
      """
    ) { try GenerationRow($0, index: known.name) }
    guard let row else { throw Failure.generationNotFound(index, number) }
    return row
  }

  /// Counts the documents whose wanted revision the generation does not hold yet. Those whose job died in it count as
  /// dead instead.
  func behind(generation: Int64, index: Int64) throws -> Int {
    try first(
      """
      SELECT count(*) FROM documents d
        LEFT JOIN holdings h ON h.generation_key = \(generation) AND h.document_key = d.key
      WHERE +d.index_key = \(index) AND h.revision IS NOT d.revision
        AND NOT (d.change = 'delete' AND h.revision IS NULL)
        AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.document_key = d.key AND j.generation_key = \(generation)
          AND j.revision = d.revision AND j.state = 'dead')
      """
    ) { $0.int(0) } ?? 0
  }
}
