package import IngestCore
import IngestSQL

/// Jobs as people see them.
extension Store: JobStore {
  package func job(_ id: JobID) async throws -> JobReport {
    let report = try await read { [clock] db in
      let key = try db.first("SELECT key FROM jobs WHERE id = \(id.rawValue)") { $0.int64(0) }
      return try key.flatMap { try ReportReader(db, clock).report($0, whole: true) }
    }
    guard let report else { throw Failure.jobNotFound(id.rawValue) }
    return report
  }

  package func jobs(_ filter: JobFilter) async throws -> [JobReport] {
    let keys = try await keys(filter, states: filter.state.map { [$0] } ?? JobState.allCases)
    return try await read { [clock] db in
      let reader = try ReportReader(db, clock)
      return try keys.compactMap { try reader.report($0, whole: false) }
    }
  }

  /// Returns the keys of the jobs that a filter selects, newest first. Each read scans one window of keys.
  func keys(_ filter: JobFilter, states: [JobState]) async throws -> [Int64] {
    if let ids = filter.ids {
      return try await read { db in
        try ids.compactMap { id in
          try db.first("SELECT key, state FROM jobs WHERE id = \(id.rawValue)") { ($0.int64(0), $0.text(1)) }
        }.filter { _, state in states.contains { $0.rawValue == state } }.map(\.0)
      }
    }
    var keys: [Int64] = []
    var cursor: JobSearch.Cursor? = .newest
    while let place = cursor, keys.count < filter.limit {
      try Task.checkCancellation()
      let wanted = filter.limit - keys.count
      let page = try await read { [clock, searchBounds] db in
        let holds = try QueueHolds(db, now: clock.now, uptime: clock.uptime, bootID: clock.bootID)
        return try JobSearch(db, filter, states: states, holds: holds, bounds: searchBounds).page(
          from: place, limit: wanted)
      }
      keys += page.keys
      cursor = page.next
    }
    return keys
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

}

/// Builds the reports of jobs within one read transaction.
final class ReportReader {
  private let db: Connection
  private let holds: QueueHolds
  /// By the workflow's key. The jobs of a list share few workflows.
  private var definitions: [Int64: WorkflowDefinition] = [:]

  init(_ db: Connection, _ clock: any TimeSource) throws {
    self.db = db
    holds = try QueueHolds(db, now: clock.now, uptime: clock.uptime, bootID: clock.bootID)
  }

  private func definition(ofJob key: Int64) throws -> WorkflowDefinition? {
    guard let workflow = try db.first("SELECT workflow_key FROM jobs WHERE key = \(key)", { $0.int64(0) }) else {
      return nil
    }
    if let known = definitions[workflow] { return known }
    let definition = try db.first("SELECT definition FROM workflows WHERE key = \(workflow)") {
      try JSONText.decode(WorkflowDefinition.self, $0.text(0))
    }
    definitions[workflow] = definition
    return definition
  }

  /// - Parameter whole: whether to include all attempts, the children and the timeline.
  func report(_ key: Int64, whole: Bool) throws -> JobReport? {
    let definition = try definition(ofJob: key)
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
        j.fatal IS NOT NULL, j.lane_key, j.replay_of
      FROM jobs j JOIN workflows w ON w.key = j.workflow_key JOIN sources s ON s.key = j.source_key
        LEFT JOIN generations g ON g.key = j.generation_key LEFT JOIN indexes i ON i.key = g.index_key
        LEFT JOIN documents d ON d.key = j.document_key LEFT JOIN workers k ON k.key = j.worker_key
      WHERE j.key = \(key)
      """
    ) { row in
      let state = try JobState(stored: row.text(9))
      let reason = row.optionalText(11)
      let error = try row.optionalText(18).map { try JSONText.decode(Failure.self, $0) }
      let hold = state == .queued ? try holds.hold(db, lane: row.int64(21)) : nil
      let isReady = reason == QueuedReason.ready.rawValue
      let next = isReady ? hold?.until : row.optionalInt64(12).map(Timestamp.init(rawValue:))
      let isFailing = row.bool(20)
      let planned = definition?.steps ?? []
      // The on-failure step is listed after the others, once the job is failing.
      let last = isFailing ? [definition?.onFailure].compactMap { $0 } : []
      let current =
        isFailing
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
      var report = JobReport(
        job: row.text(0), workflow: row.text(1), workflowVersion: row.text(2), source: row.text(3),
        index: row.optionalText(4), generation: row.optionalInt(5), document: row.optionalText(6),
        revision: row.optionalInt(7),
        uri: row.optionalText(8), state: state, degraded: row.bool(10),
        reason: isReady ? hold?.reason.rawValue ?? reason : reason,
        explanation: JobExplanation.text(
          state: state, reason: reason.flatMap(QueuedReason.init), error: error, alone: row.bool(19), hold: hold,
          wait: wait, isChild: parent != nil, isFailing: isFailing),
        nextAt: next, priority: row.int(13), progress: state.isEnd ? nil : progress, worker: row.optionalText(14),
        createdAt: Timestamp(rawValue: row.int64(15)), startedAt: row.optionalInt64(16).map(Timestamp.init(rawValue:)),
        finishedAt: row.optionalInt64(17).map(Timestamp.init(rawValue:)), steps: steps, attempts: attempts,
        error: error)
      report.replayOf = row.optionalText(22)
      return report
    }
    report?.waitsFor = wait
    report?.parent = parent?.job
    report?.child = parent?.child
    if whole {
      report?.children = try db.children(of: key)
      let events = try db.events(ofJob: key, logs: false)
      report?.timeline = Array(events.suffix(50))
      report?.timelineTotal = events.count
    }
    return report
  }
}
