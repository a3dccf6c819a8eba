package import IngestCore
import IngestSQL

/// Jobs as people see them.
extension Store: JobStore {
  package func job(_ id: JobID) async throws -> JobReport {
    let reports = try await reports(JobFilter(ids: [id], limit: 1), whole: true)
    guard let report = reports.first else { throw Failure.jobNotFound(id.rawValue) }
    return report
  }

  package func jobs(_ filter: JobFilter) async throws -> [JobReport] {
    try await reports(filter, whole: false)
  }

  package func dead(_ filter: JobFilter) async throws -> [DeadLetter] {
    var filter = filter
    filter.state = .dead
    return try await reports(filter, whole: false).compactMap { report in
      guard let error = report.error, let diedAt = report.finishedAt else { return nil }
      return DeadLetter(
        job: report.job, source: report.source, index: report.index, generation: report.generation, uri: report.uri,
        step: error.step,
        attempts: report.steps.first { $0.id == error.step }?.attempts ?? 0, diedAt: diedAt, error: error)
    }
  }

  package func progress(of jobs: [JobID]) async throws -> [JobProgress] {
    try await read { db in
      try jobs.compactMap { job in
        try db.first(
          """
          SELECT j.state, j.error, s.step, s.done, s.total, s.unit,
            (SELECT max(result ->> '$.pages') FROM steps WHERE job_key = j.key),
            (SELECT max(result ->> '$.chunks') FROM steps WHERE job_key = j.key)
          FROM jobs j
            LEFT JOIN steps s ON s.job_key = j.key AND s.position = (
              SELECT max(position) FROM steps WHERE job_key = j.key)
          WHERE j.id = \(job.rawValue)
          """
        ) { row in
          JobProgress(
            job: job, state: try JobState(stored: row.text(0)), step: row.optionalText(2),
            progress: row.optionalInt(3).map {
              StepProgress(done: $0, total: row.optionalInt(4), unit: row.optionalText(5) ?? "")
            },
            pages: row.optionalInt(6) ?? 0, chunks: row.optionalInt(7) ?? 0,
            error: try row.optionalText(1).map { try JSONText.decode(Failure.self, $0) })
        }
      }
    }
  }

  package func status() async throws -> StatusReport {
    try await read { [clock] db in
      let sources = try db.rows(
        """
        SELECT name, queued, running, waiting, completed, cancelled, dead FROM sources
        ORDER BY queued + running + waiting DESC, name
        """
      ) { row in
        StatusReport.Source(
          source: row.text(0), queued: row.int(1), running: row.int(2), waiting: row.int(3), completed: row.int(4),
          cancelled: row.int(5), dead: row.int(6))
      }
      let workers = try db.rows(
        """
        SELECT id, process, host, concurrency, started_at, lock_path,
          (SELECT count(*) FROM jobs j WHERE j.worker_key = w.key)
        FROM workers w ORDER BY key
        """
      ) { row in
        StatusReport.Worker(
          worker: row.text(0), process: Int32(truncatingIfNeeded: row.int(1)), host: row.text(2),
          concurrency: row.int(3), running: row.int(6), startedAt: Timestamp(rawValue: row.int64(4)),
          lockPath: row.text(5))
      }
      let breakers = try DependencyRow.all(db).map {
        $0.report(now: clock.now, uptime: clock.uptime, bootID: clock.bootID)
      }
      return StatusReport(sources: sources, workers: workers, breakers: breakers)
    }
  }

  private func reports(_ filter: JobFilter, whole: Bool) async throws -> [JobReport] {
    try await read { [clock] db in
      let keys = try Self.keys(db, filter)
      return try keys.compactMap { try Self.report(db, key: $0, whole: whole, now: clock.now) }
    }
  }

  /// The keys of the jobs a filter selects, newest first.
  static func keys(_ db: Connection, _ filter: JobFilter) throws -> [Int64] {
    if let ids = filter.ids {
      return try ids.compactMap { id in
        try db.first(
          """
          SELECT key FROM jobs WHERE id = \(id.rawValue) AND (\(filter.state?.rawValue) IS NULL OR state = \(filter.state?.rawValue))
          """
        ) { $0.int64(0) }
      }
    }
    let scope: SQL = """
      (\(filter.source) IS NULL OR source_key = (SELECT key FROM sources WHERE name = \(filter.source)))
      AND (\(filter.index) IS NULL OR generation_key IN (
        SELECT g.key FROM generations g JOIN indexes i ON i.key = g.index_key WHERE i.name = \(filter.index)))
      AND (\(filter.code) IS NULL OR error ->> '$.code' = \(filter.code))
      AND (\(filter.since?.rawValue) IS NULL OR coalesce(finished_at, created_at) >= \(filter.since?.rawValue))
      """
    // Written out by state so that each finds its partial index.
    let state: SQL =
      switch filter.state {
      case nil: "1"
      case .dead?: "state = 'dead'"
      case .running?: "worker_key IS NOT NULL AND state = 'running'"
      case let other?: "state = \(other.rawValue)"
      }
    return try db.rows(
      "SELECT key FROM jobs WHERE \(sql: state) AND \(sql: scope) ORDER BY key DESC LIMIT \(filter.limit)"
    ) { $0.int64(0) }
  }

  private static func report(_ db: Connection, key: Int64, whole: Bool, now: Timestamp) throws -> JobReport? {
    let definition = try db.first(
      "SELECT w.definition FROM jobs j JOIN workflows w ON w.key = j.workflow_key WHERE j.key = \(key)"
    ) { try JSONText.decode(WorkflowDefinition.self, $0.text(0)) }
    let attempts =
      whole
      ? try db.rows("SELECT error FROM attempts WHERE job_key = \(key) ORDER BY key") {
        try JSONText.decode(Failure.self, $0.text(0))
      } : []
    var progress: StepProgress?
    let stored = try db.rows(
      """
      SELECT position, attempts, result IS NOT NULL, error, started_at, finished_at, done, total, unit,
        result = \(JobReport.skippedResult) FROM steps
      WHERE job_key = \(key) ORDER BY position
      """
    ) { row in
      progress = row.optionalInt(6).map {
        StepProgress(done: $0, total: row.optionalInt(7), unit: row.optionalText(8) ?? "")
      }
      return StoredStep(
        position: row.int(0), attempts: row.int(1), isDone: row.bool(2), isSkipped: row.optionalInt(9) == 1,
        error: try row.optionalText(3).map { try JSONText.decode(Failure.self, $0) },
        started: row.optionalInt64(4), finished: row.optionalInt64(5))
    }
    let wait = try db.wait(of: key)
    let parent = try db.parent(of: key)
    var report = try db.first(
      """
      SELECT j.id, w.name, w.hash, s.name, i.name, g.number, d.id, j.revision, d.uri, j.state, j.degraded, j.reason,
        j.due_at, j.priority, k.id, j.created_at, j.started_at, j.finished_at, j.error, j.alone,
        j.fatal IS NOT NULL
      FROM jobs j JOIN workflows w ON w.key = j.workflow_key JOIN sources s ON s.key = j.source_key
        JOIN generations g ON g.key = j.generation_key JOIN indexes i ON i.key = g.index_key
        LEFT JOIN documents d ON d.key = j.document_key LEFT JOIN workers k ON k.key = j.worker_key
      WHERE j.key = \(key)
      """
    ) { row in
      let state = try JobState(stored: row.text(9))
      let reason = row.optionalText(11)
      let error = try row.optionalText(18).map { try JSONText.decode(Failure.self, $0) }
      let next = row.optionalInt64(12).map(Timestamp.init(rawValue:))
      let isCondemned = row.bool(20)
      let planned = definition?.steps ?? []
      // The on-failure step stands behind the others, once it has its turn.
      let last = isCondemned ? [definition?.onFailure].compactMap { $0 } : []
      let current =
        isCondemned
        ? planned.count : planned.indices.first { at in !stored.contains { $0.position == at && $0.isDone } }
      let steps = (planned + last).enumerated().map { position, step in
        let known = stored.first { $0.position == position }
        return JobReport.Step(
          id: step.id, state: StoredStep.state(of: known, isNext: position == current, job: state),
          attempts: (known?.attempts ?? 0) + (known?.isDone == true && known?.isSkipped == false ? 1 : 0),
          startedAt: known?.started.map(Timestamp.init(rawValue:)),
          finishedAt: known?.finished.map(Timestamp.init(rawValue:)),
          durationMs: known.flatMap { step in
            step.started.flatMap { start in step.finished.map { ($0 - start) / 1000 } }
          },
          error: known?.error)
      }
      return JobReport(
        job: row.text(0), workflow: row.text(1), workflowVersion: row.text(2), source: row.text(3),
        index: row.text(4), generation: row.int(5), document: row.optionalText(6), revision: row.optionalInt(7),
        uri: row.optionalText(8), state: state, degraded: row.bool(10), reason: reason,
        explanation: JobExplanation.text(
          state: state, reason: reason.flatMap(QueuedReason.init), next: next, now: now, error: error,
          alone: row.bool(19), wait: wait, isChild: parent != nil, isCondemned: isCondemned),
        nextAt: next, priority: row.int(13), progress: state.isEnd ? nil : progress, worker: row.optionalText(14),
        createdAt: Timestamp(rawValue: row.int64(15)), startedAt: row.optionalInt64(16).map(Timestamp.init(rawValue:)),
        finishedAt: row.optionalInt64(17).map(Timestamp.init(rawValue:)), steps: steps, attempts: attempts,
        error: error)
    }
    report?.waitsFor = wait
    report?.parent = parent?.job
    report?.child = parent?.child
    if whole { report?.children = try db.children(of: key) }
    return report
  }
}
