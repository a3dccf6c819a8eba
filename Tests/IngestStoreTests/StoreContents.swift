import IngestSQL
import IngestTestKit

/// The contents of a database without what differs between two equal runs: keys of removed rows, ids and times.
struct StoreContents: Equatable {
  private(set) var tables: [String: [String]] = [:]

  /// The tables and their columns that count. A test fails if the schema has a table that is missing here.
  static let queries: [String: SQL] = [
    "sources": """
    SELECT json_array(name, weight, ready, queued, running, waiting, completed, cancelled, dead, paused, closed)
    FROM sources
    """,
    "indexes": "SELECT json_array(name, next_generation) FROM indexes",
    "generations": "SELECT json_array(number, state, previous) FROM generations",
    "documents": "SELECT json_array(uri, revision, change, content, workflow) FROM documents",
    "holdings": "SELECT json_array(generation_key, revision, change, chunks, lost) FROM holdings",
    "unsettled_writes": "SELECT json_array(generation_key, revision) FROM unsettled_writes",
    "workflows": "SELECT json_array(hash) FROM workflows",
    "workers": "SELECT json_array(id, boot_id) FROM workers",
    "lanes": "SELECT json_array(workflow, gates, ready, closed) FROM lanes WHERE ready > 0 OR closed",
    "jobs": """
    SELECT json_array(revision, state, reason, priority, fence, cancel_requested, waits_signal, waits_children, wake,
      deaths, alone, degraded, gated, fatal IS NULL, error IS NULL, child, replay_of IS NULL, schedule_key)
    FROM jobs
    """,
    "steps": "SELECT json_array(position, step, attempts, result, cursor, done, degraded, error IS NULL) FROM steps",
    "attempts": "SELECT json_array(position) FROM attempts",
    "blobs": "SELECT json_array(hash, size) FROM blobs",
    "job_blobs": "SELECT json_array(blob_key) FROM job_blobs",
    "parses": "SELECT json_array(parser, result) FROM parses",
    "parse_blobs": "SELECT json_array(parser) FROM parse_blobs",
    "embedders": "SELECT json_array(fingerprint) FROM embedders",
    "embeddings": "SELECT json_array(text) FROM embeddings",
    "idempotency_keys": "SELECT json_array(key, revision, state) FROM idempotency_keys",
    "quarantine": "SELECT json_array(content, deaths) FROM quarantine",
    "journal": "SELECT json_array(kind, substr(actor, 1, 4)) FROM journal",
    "flow": "SELECT json_array(version, paused, configuration) FROM flow",
    "limits": "SELECT json_array(kind, per, unit, spec, origin) FROM limits",
    "paused_workflows": "SELECT json_array(workflow) FROM paused_workflows",
    "gates": "SELECT json_array(name, kind, state, held) FROM gates",
    "slots": "SELECT json_array(gate_key, step) FROM slots",
    "child_groups": "SELECT json_array(step, parallel, open, held, completed, cancelled, dead) FROM child_groups",
    "signals": "SELECT json_array(name, data, taken_at IS NULL) FROM signals",
    "logs": "SELECT json_array(step, attempt, text) FROM logs",
    "dead_chunks": "SELECT json_array(step, ordinal) FROM dead_chunks",
    "schedules": "SELECT json_array(name, paused, fired, skipped, queued_at IS NULL, version) FROM schedules",
    "schema_migrations": "SELECT json_array(number) FROM schema_migrations",
  ]

  init(_ database: Database) async throws {
    for (table, query) in Self.queries {
      tables[table] = try await database.read { db in try db.rows(query) { $0.text(0) }.sorted() }
    }
  }

  /// Returns the tables of the schema that are not compared.
  static func missing(_ database: Database) async throws -> [String] {
    try await database.read { db in
      try db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") { $0.text(0) }
    }.filter { queries[$0] == nil }
  }

  /// Returns what is duplicated or differs, one line for each table.
  func differences(from other: StoreContents) -> [String: String] {
    var found: [String: String] = [:]
    for (table, rows) in tables where rows != other.tables[table] {
      let before = other.tables[table] ?? []
      found[table] =
        "\(rows.filter { !before.contains($0) } ) for \(before.filter { !rows.contains($0) }), \(rows.count) rows for \(before.count)"
    }
    return found
  }
}
