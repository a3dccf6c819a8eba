package import IngestCore
import IngestSQL

/// Dead letters and the quarantine.
extension Store {
  package func dead(_ filter: JobFilter) async throws -> [DeadLetter] {
    var letters: [DeadLetter] = []
    if filter.kind != .chunk {
      let keys = try await keys(filter, states: [.dead])
      letters = try await read { db in try keys.compactMap { try db.deadJob($0) } }
    }
    if filter.kind != .job { letters += try await read { db in try db.deadChunks(filter, limit: filter.limit) } }
    letters.sort { ($0.diedAt, $0.id) > ($1.diedAt, $1.id) }
    return Array(letters.prefix(filter.limit))
  }

  package func resolveDead(_ text: String) async throws -> JobID {
    let wanted = text.uppercased()
    guard wanted.count >= 4, wanted.utf8.allSatisfy({ $0 < 0x80 }) else { throw Failure.notDead(text) }
    let matches = try await read { db in
      try db.rows(
        """
        SELECT id FROM (SELECT id FROM jobs WHERE id >= \(wanted) AND id < \(wanted + "~") AND state = 'dead' LIMIT 2)
        UNION ALL SELECT id FROM dead_chunks WHERE id >= \(wanted) AND id < \(wanted + "~") LIMIT 2
        """
      ) { JobID(rawValue: $0.text(0)) }
    }
    switch matches.count {
    case 1: return matches[0]
    case 0: throw Failure.notDead(text)
    default:
      throw Failure(
        .permanent, code: "JOB_AMBIGUOUS", "More than one dead letter begins with '\(text)'.",
        hint: "Give more of the id; \(Action(.deadList)) shows whole ones.", category: .invalid)
    }
  }

  package func wholeDead(_ id: JobID) async throws -> DeadRecord {
    let record = try await read { [clock] db in
      let letter: DeadLetter?
      if let key = try db.first("SELECT key FROM jobs WHERE id = \(id.rawValue) AND state = 'dead'", { $0.int64(0) }) {
        letter = try db.deadJob(key)
      } else {
        letter = try db.deadChunks(JobFilter(ids: [id]), limit: 1).first
      }
      return try letter.flatMap { try db.record(of: $0, ReportReader(db, clock)) }
    }
    guard let record else { throw Failure.notDead(id.rawValue) }
    return record
  }

  package func quarantine() async throws -> [QuarantinedContent] {
    try await read { db in
      try db.rows(
        """
        SELECT q.content, q.deaths, q.changed_at,
          (SELECT d.uri FROM documents d JOIN blobs b ON b.key = d.blob_key WHERE b.hash = q.content
            ORDER BY d.key LIMIT 1),
          (SELECT count(*) FROM documents d JOIN blobs b ON b.key = d.blob_key WHERE b.hash = q.content)
        FROM quarantine q ORDER BY q.changed_at DESC, q.content
        """
      ) { row in
        QuarantinedContent(
          content: row.text(0), deaths: row.int(1), quarantined: Deaths.isQuarantined(row.int(1)),
          changedAt: Timestamp(rawValue: row.int64(2)), uri: row.optionalText(3), documents: row.int(4))
      }
    }
  }

  package func liftQuarantine(_ content: ContentHash, actor: String) async throws -> Bool {
    try await write { transaction in
      let lifted = try transaction.db.run("DELETE FROM quarantine WHERE content = \(content.rawValue)")
      guard lifted > 0 else { return false }
      try transaction.journal("quarantine-lifted", actor: actor, data: content.rawValue)
      return true
    }
  }
}

extension Connection {
  /// A dead job as a letter; nil if it is none any more.
  fileprivate func deadJob(_ key: Int64) throws -> DeadLetter? {
    try first(
      """
      SELECT j.id, s.name, i.name, g.number, d.uri, j.finished_at, j.error,
        (SELECT attempts FROM steps t WHERE t.job_key = j.key AND t.step = j.error ->> '$.step'),
        EXISTS (SELECT 1 FROM quarantine q
          WHERE q.content = j.content AND q.deaths >= \(Deaths.toQuarantine))
      FROM jobs j JOIN sources s ON s.key = j.source_key
        LEFT JOIN generations g ON g.key = j.generation_key LEFT JOIN indexes i ON i.key = g.index_key
        LEFT JOIN documents d ON d.key = j.document_key
      WHERE j.key = \(key) AND j.state = 'dead'
      """
    ) { row in
      let error = try JSONText.decode(Failure.self, row.text(6))
      return DeadLetter(
        id: row.text(0), kind: .job, job: row.text(0), source: row.text(1), index: row.optionalText(2),
        generation: row.optionalInt(3), uri: row.optionalText(4), step: error.step, attempts: row.optionalInt(7) ?? 0,
        diedAt: Timestamp(rawValue: row.int64(5)), error: error, quarantined: row.bool(8))
    }
  }

  /// The dead chunks that a filter selects, the last to die first.
  func deadChunks(_ filter: JobFilter, limit: Int) throws -> [DeadLetter] {
    var condition: SQL = "1"
    if let ids = filter.ids {
      let json = try JSONText.encode(ids.map(\.rawValue))
      condition = "\(sql: condition) AND c.id IN (SELECT value FROM json_each(\(json)))"
    }
    if let source = filter.source { condition = "\(sql: condition) AND s.name = \(source)" }
    if let index = filter.index { condition = "\(sql: condition) AND i.name = \(index)" }
    if let workflow = filter.workflow { condition = "\(sql: condition) AND w.name = \(workflow)" }
    if let code = filter.code { condition = "\(sql: condition) AND c.error ->> '$.code' = \(code)" }
    if let step = filter.step { condition = "\(sql: condition) AND c.step = \(step)" }
    if let since = filter.since { condition = "\(sql: condition) AND c.died_at >= \(since.rawValue)" }
    if let until = filter.until { condition = "\(sql: condition) AND c.died_at < \(until.rawValue)" }
    for (key, value) in filter.meta.sorted(by: { $0.key < $1.key }) {
      condition = """
        \(sql: condition) AND EXISTS (SELECT 1 FROM json_each(d.meta) m WHERE m.key = \(key) AND m.value = \(value))
        """
    }
    return try rows(
      """
      SELECT c.id, j.id, s.name, i.name, g.number, d.uri, c.step, c.ordinal, c.page, c.starts_at, c.ends_at, c.error,
        c.died_at
      FROM dead_chunks c JOIN jobs j ON j.key = c.job_key JOIN sources s ON s.key = j.source_key
        LEFT JOIN generations g ON g.key = j.generation_key LEFT JOIN indexes i ON i.key = g.index_key
        JOIN workflows w ON w.key = j.workflow_key LEFT JOIN documents d ON d.key = j.document_key
      WHERE \(sql: condition) ORDER BY c.key DESC LIMIT \(limit)
      """
    ) { row in
      let error = try JSONText.decode(Failure.self, row.text(11))
      return DeadLetter(
        id: row.text(0), kind: .chunk, job: row.text(1), source: row.text(2), index: row.optionalText(3),
        generation: row.optionalInt(4), uri: row.optionalText(5), step: row.text(6), attempts: error.attempt ?? 1,
        diedAt: Timestamp(rawValue: row.int64(12)), error: error, ordinal: row.int(7), page: row.optionalInt(8),
        start: row.int(9), end: row.int(10))
    }
  }

  fileprivate func record(of letter: DeadLetter, _ reader: ReportReader) throws -> DeadRecord? {
    let stored = try first(
      """
      SELECT j.key, j.task, j.content, w.definition FROM jobs j JOIN workflows w ON w.key = j.workflow_key
      WHERE j.id = \(letter.job)
      """
    ) { (key: $0.int64(0), task: $0.text(1), content: $0.optionalText(2), definition: $0.text(3)) }
    guard let stored, var report = try reader.report(stored.key, whole: true) else { return nil }
    report.timeline = try events(ofJob: stored.key, logs: false)
    return DeadRecord(
      letter: letter, report: report, task: stored.task, content: stored.content.map { ContentHash(rawValue: $0) },
      definition: stored.definition,
      attempts: try rows(
        "SELECT position, error, started_at, finished_at FROM attempts WHERE job_key = \(stored.key) ORDER BY key"
      ) {
        FailedAttempt(
          position: $0.int(0), failure: try JSONText.decode(Failure.self, $0.text(1)),
          startedAt: Timestamp(rawValue: $0.int64(2)), finishedAt: Timestamp(rawValue: $0.int64(3)))
      },
      checkpoints: try rows(
        """
        SELECT step, result, finished_at FROM steps WHERE job_key = \(stored.key) AND result IS NOT NULL
        ORDER BY position
        """
      ) {
        DeadRecord.Checkpoint(
          step: $0.text(0), result: $0.text(1), finishedAt: $0.optionalInt64(2).map(Timestamp.init(rawValue:)))
      })
  }
}
