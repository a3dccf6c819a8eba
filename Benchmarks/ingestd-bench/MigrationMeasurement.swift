import IngestSQL
import IngestStore

/// A measurement of one migration: how long a data folder with many jobs takes to open for the first time after an
/// update.
struct MigrationMeasurement {
  let path: String
  /// The migration to measure. The database has those before it.
  let number: Int

  func run(jobs: Int) async throws -> String {
    let before = Store.migrations.filter { $0.number < number }
    let old = try Database(path: path, options: DatabaseOptions(mode: .create, migrations: before))
    try await old.write { db in try db.script(Self.foundation) }
    let slice = 10_000
    for first in stride(from: 1, through: jobs, by: slice) {
      let last = min(first + slice - 1, jobs)
      try await old.write { db in try Self.fill(db, from: first, to: last) }
    }
    await old.close()
    let clock = ContinuousClock()
    let start = clock.now
    let new = try Database(
      path: path,
      options: DatabaseOptions(mode: .existing, migrations: Store.migrations.filter { $0.number <= number }))
    let took = clock.now - start
    let found = try await new.read { db in try db.first("SELECT count(*) FROM jobs") { $0.int(0) } } ?? 0
    let problems = try await new.integrityProblems()
    await new.close()
    let milliseconds = took.components.seconds * 1000 + took.components.attoseconds / 1_000_000_000_000_000
    return "{\"jobs\":\(found),\"problems\":\(problems.count),\"migration\":\(number),\"open_ms\":\(milliseconds)}"
  }

  private static let foundation = """
    INSERT INTO sources (key, name, created_at) VALUES (1, 'default', 0);
    INSERT INTO indexes (key, name, created_at) VALUES (1, 'docs', 0);
    INSERT INTO generations (key, index_key, number, state, spec, created_at, changed_at)
      VALUES (1, 1, 1, 'live', '{}', 0, 0);
    INSERT INTO workflows (key, hash, name, definition, created_at) VALUES (1, 'hash', 'ingest', '{}', 0);
    INSERT INTO lanes (key, source_key, generation_key, workflow) VALUES (1, 1, 1, 'ingest');
    """

  /// Inserts jobs. Of ten jobs four can start, one is scheduled, one is dead and four are completed. Each has a
  /// document, a step, two journal lines and, in one of four cases, an idempotency key.
  private static func fill(_ db: Connection, from first: Int, to last: Int) throws {
    let numbers: SQL = """
      WITH RECURSIVE n (i) AS (SELECT \(first) UNION ALL SELECT i + 1 FROM n WHERE i < \(last))
      """
    _ = try db.run(
      """
      INSERT INTO documents (key, id, index_key, source_key, uri, revision, change, content, blob_key, size, meta, workflow,
        created_at, changed_at)
      \(sql: numbers)
      SELECT i, printf('01DOCUMENT%016d', i), 1, 1, printf('/srv/documents/%09d.txt', i), 1, 'content',
        printf('%064x', i), i, 4096, '{}', 'ingest', i, i FROM n
      """)
    _ = try db.run(
      """
      INSERT INTO jobs (key, id, workflow_key, lane_key, source_key, generation_key, document_key, revision, content, blob_key,
        task, state, reason, priority, rank, due_at, error, created_at, finished_at)
      \(sql: numbers)
      SELECT i, printf('01JOB%021d', i), 1, 1, 1, 1, i, 1, printf('%064x', i), i,
        printf('{"change":"content","document":"01DOCUMENT%016d","generation":1,"index":"docs","revision":1}', i),
        CASE WHEN i % 10 < 5 THEN 'queued' WHEN i % 10 = 5 THEN 'dead' ELSE 'completed' END,
        CASE WHEN i % 10 < 4 THEN 'ready' WHEN i % 10 = 4 THEN 'scheduled' END, 0, i,
        CASE WHEN i % 10 = 4 THEN 4000000000000000 + i END,
        CASE WHEN i % 10 = 5 THEN '{"code":"BROKEN","kind":"permanent","message":"It broke."}' END,
        i, CASE WHEN i % 10 >= 5 THEN i END
      FROM n
      """)
    _ = try db.run(
      """
      INSERT INTO steps (job_key, position, step, result, started_at, finished_at)
      \(sql: numbers) SELECT i, 0, 'parse', '{"pages":1,"parts":["x"]}', i, i FROM n
      """)
    for kind in ["queued", "claimed"] {
      _ = try db.run(
        """
        INSERT INTO journal (at, kind, actor, job_key) \(sql: numbers) SELECT i, \(kind), 'bench', i FROM n
        """)
    }
    _ = try db.run(
      """
      INSERT INTO idempotency_keys (source_key, key, request, job, document, revision, created_at, expires_at)
      \(sql: numbers)
      SELECT 1, printf('key-%012d', i), 'docs|x|y', printf('01JOB%021d', i), printf('01DOCUMENT%016d', i), 1, i,
        4000000000000000 FROM n WHERE i % 4 = 0
      """)
  }
}
