package import IngestCore
import IngestSQL

/// What people do to jobs.
extension Store {
  package func resolveJob(_ text: String) async throws -> JobID {
    let wanted = text.uppercased()
    guard wanted.count >= 4, wanted.utf8.allSatisfy({ $0 < 0x80 }) else { throw Failure.jobNotFound(text) }
    let matches = try await read { db in
      try db.rows(
        "SELECT id FROM jobs WHERE id >= \(wanted) AND id < \(wanted + "~") ORDER BY id LIMIT 2"
      ) { JobID(rawValue: $0.text(0)) }
    }
    switch matches.count {
    case 1: return matches[0]
    case 0: throw Failure.jobNotFound(text)
    default:
      throw Failure(
        .permanent, code: "JOB_AMBIGUOUS", "More than one job begins with '\(text)'.",
        hint: "Give more of the id; `ingestd job list` shows whole ones.", category: .invalid)
    }
  }

  package func cancel(_ id: JobID, actor: String) async throws -> JobState {
    let state: JobState = try await write { transition in
      guard let job = try transition.job(id) else { throw Failure.jobNotFound(id.rawValue) }
      switch job.state {
      case .queued, .waiting:
        try transition.cancel(job, reason: "requested", actor: actor)
        try transition.release(after: job)
        return .cancelled
      case .running:
        _ = try transition.db.run("UPDATE jobs SET cancel_requested = 1 WHERE key = \(job.key)")
        try transition.journal("cancel-requested", actor: actor, job: job.key)
        transition.db.flag(CommitFlag.wake)
        return .running
      case .completed, .cancelled, .dead:
        return job.state
      }
    }
    // Its children with it, in short transactions; whatever is left if this process dies is for the workers.
    while state == .cancelled, try await write({ try $0.endChildren() }) {}
    return state
  }

  package func retry(_ id: JobID, actor: String) async throws -> JobState {
    try await write { transition in
      guard let job = try transition.job(id) else { throw Failure.jobNotFound(id.rawValue) }
      guard job.state == .queued else {
        let hint =
          switch job.state {
          case .dead: "It is a dead letter: `ingestd dead redrive \(id)`."
          case .running, .waiting: "It is under way: `ingestd job show \(id)`."
          case .queued, .completed, .cancelled: "Submit the document again."
          }
        throw Failure(
          .permanent, code: "JOB_NOT_QUEUED", "Job \(id) is \(job.state.rawValue), not queued.", hint: hint,
          category: .refused)
      }
      if job.reason == QueuedReason.afterPrevious.rawValue {
        throw Failure(
          .permanent, code: "JOB_NOT_QUEUED", "Job \(id) waits for an earlier job of the same document.",
          hint: "It starts by itself when that one has ended.", category: .refused)
      }
      if job.reason != QueuedReason.ready.rawValue {
        try transition.makeReady(job)
        try transition.journal("retried", actor: actor, job: job.key)
      }
      return .queued
    }
  }

  package func redrive(_ filter: JobFilter, actor: String) async throws -> RedriveReport {
    var report = RedriveReport(redriven: [], superseded: [])
    for ids in try await deadJobs(filter) {
      let outcomes = try await write { transition in
        try ids.map { ($0, try transition.redrive($0, actor: actor)) }
      }
      for (id, redriven) in outcomes {
        switch redriven {
        case true?: report.redriven.append(id.rawValue)
        case false?: report.superseded.append(id.rawValue)
        case nil: break
        }
      }
    }
    return report
  }

  package func purge(_ filter: JobFilter, actor: String) async throws -> Int {
    var purged = 0
    for ids in try await deadJobs(filter) {
      purged += try await write { transition in
        var count = 0
        for id in ids {
          guard let job = try transition.job(id), job.state == .dead else { continue }
          // Its children are still being ended, and only it tells which they are.
          if try transition.isEndingChildren(of: job) { continue }
          try transition.journal("purged", actor: actor, job: job.key, data: job.id)
          _ = try transition.db.run("UPDATE sources SET dead = dead - 1 WHERE key = \(job.source)")
          count += try transition.db.run("DELETE FROM jobs WHERE key = \(job.key)")
        }
        return count
      }
    }
    return purged
  }

  /// Those that are dead now, in slices that each make a short transaction: one that dies again meanwhile is not seen twice.
  private func deadJobs(_ filter: JobFilter) async throws -> [[JobID]] {
    var filter = filter
    filter.state = .dead
    let ids = try await read { [filter] db in
      try Self.keys(db, filter).compactMap { key in
        try db.first("SELECT id FROM jobs WHERE key = \(key)") { JobID(rawValue: $0.text(0)) }
      }
    }
    return stride(from: 0, to: ids.count, by: 20).map { Array(ids[$0..<min($0 + 20, ids.count)]) }
  }
}

extension Transition {
  /// - Returns: whether it goes on; false when a newer revision made it needless, nil when it is no dead letter any more.
  fileprivate func redrive(_ id: JobID, actor: String) throws -> Bool? {
    guard let job = try job(id), job.state == .dead else { return nil }
    let open = try openJobs(besides: job)
    if try isNeedless(job) || open.contains(where: { $0.revision == job.revision }) {
      _ = try db.run(
        "UPDATE jobs SET state = 'cancelled', reason = 'superseded', error = NULL WHERE key = \(job.key)")
      try count(source: job.source, from: .dead, to: .cancelled)
      try journal("superseded", actor: actor, job: job.key)
      return false
    }
    if let content = job.content { _ = try db.run("DELETE FROM quarantine WHERE content = \(content)") }
    _ = try db.run("UPDATE steps SET attempts = 0 WHERE job_key = \(job.key) AND finished_at IS NULL")
    // One that died in the queue may find an older job of its document still at work.
    let isHeld = try countRedriven(job)
    let reason: QueuedReason = open.isEmpty && !isHeld ? .ready : .afterPrevious
    try reopen(job)
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = \(reason.rawValue), finished_at = NULL, error = NULL, deaths = 0,
        alone = 0, cancel_requested = 0, deadline_at = NULL
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .dead, to: .queued)
    if reason == .ready { try ready(source: job.source, lane: job.lane, rank: job.rank) }
    try journal("redriven", actor: actor, job: job.key)
    return true
  }

  /// Whether a newer revision or the end of its generation leaves a dead letter nothing to do.
  private func isNeedless(_ job: JobRow) throws -> Bool {
    let isClosed = try db.first("SELECT state = 'deleted' FROM generations WHERE key = \(job.generation)") {
      $0.bool(0)
    }
    guard isClosed != true, let document = job.document else { return isClosed == true }
    return try db.first("SELECT revision FROM documents WHERE key = \(document)") { $0.int(0) } != job.revision
  }

  /// The other open jobs of its document in its generation.
  private func openJobs(besides job: JobRow) throws -> [JobRow] {
    guard let document = job.document else { return [] }
    return try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE generation_key = \(job.generation) AND document_key = \(document) AND finished_at IS NULL
      """, JobRow.init)
  }
}

extension Failure {
  static func jobNotFound(_ text: String) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_FOUND", "There is no job '\(text)'.",
      hint:
        "`ingestd job list` shows the newest; an id may be cut short to a unique beginning of four or more characters.",
      category: .notFound)
  }
}
