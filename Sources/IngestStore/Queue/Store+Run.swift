package import IngestCore
import IngestSQL

/// The writes of a running job. Each carries the job's fence.
extension Store: QueueStore {
  package func checkpoint(_ lease: Lease, _ checkpoint: Checkpoint) async throws {
    let look = try await look(checkpoint)
    try await write { transaction in
      let job = try transaction.leased(lease)
      try transaction.store(checkpoint, of: job, after: look)
      try transaction.journal(
        "checkpointed", actor: "worker/\(job.worker ?? 0)", job: job.key,
        document: checkpoint.output.holds ? job.document : nil,
        generation: checkpoint.output.holds ? job.generation : nil, data: checkpoint.step)
    }
  }

  package func save(_ lease: Lease, step: String, position: Int, _ save: StepSave) async throws {
    try await write { transaction in
      let job = try transaction.leased(lease)
      try transaction.keep(save.blobs, references: save.references, for: job)
      _ = try transaction.db.run(
        """
        INSERT INTO steps (job_key, position, step, cursor, done, total, unit, started_at)
        VALUES (\(job.key), \(position), \(step), \(save.cursor), \(save.progress.done), \(save.progress.total),
          \(save.progress.unit), \(transaction.now.rawValue))
        ON CONFLICT (job_key, position) DO UPDATE SET cursor = coalesce(excluded.cursor, cursor), done = excluded.done,
          total = excluded.total, unit = excluded.unit
        """)
      if let children = save.children { try transaction.make(children, for: job, position: position) }
      try transaction.log(save.log, of: job, step: step, position: position)
    }
  }

  package func finish(_ lease: Lease, _ outcome: JobOutcome, last: Checkpoint?) async throws {
    let look = try await look(last)
    try await write { transaction in
      var job = try transaction.leased(lease)
      if let last {
        try transaction.store(last, of: job, after: look)
        // The checkpoint resets the deaths that happened while the job was in flight.
        job.deaths = 0
        job.alone = false
      }
      try transaction.finish(job, outcome, holds: last?.output.holds ?? false)
    }
  }

  package func markFailing(_ lease: Lease, _ fatal: FailedAttempt) async throws {
    try await write { transaction in
      let job = try transaction.leased(lease)
      // A worker that lost the acknowledgement repeats the call, and the attempt counts once.
      let isFailing = try transaction.db.first(
        SQL(named: "mark-failing.is-failing", "SELECT fatal IS NOT NULL FROM jobs WHERE key = \(job.key)")
      ) { $0.bool(0) }
      guard isFailing != true else { return }
      try transaction.markFailing(job, of: fatal, actor: "worker/\(job.worker ?? 0)")
    }
  }

  package func workflow(_ version: ContentHash) async throws -> WorkflowDefinition? {
    try await read { db in
      try db.first("SELECT definition FROM workflows WHERE hash = \(version.rawValue)") { $0.text(0) }
    }.map { try JSONText.decode(WorkflowDefinition.self, $0) }
  }
}

extension WriteTransaction {
  /// Stores a finished step and applies its effects.
  fileprivate func store(_ checkpoint: Checkpoint, of job: JobRow, after look: Store.GateLook?) throws {
    let output = checkpoint.output
    try keep(output.blobs, references: output.references, for: job)
    _ = try db.run(
      """
      INSERT INTO steps (job_key, position, step, result, degraded, started_at, finished_at)
      VALUES (\(job.key), \(checkpoint.position), \(checkpoint.step), \(output.result), \(output.degraded),
        \(checkpoint.startedAt.rawValue), \(checkpoint.finishedAt.rawValue))
      ON CONFLICT (job_key, position) DO UPDATE SET result = excluded.result, cursor = NULL, error = NULL,
        degraded = excluded.degraded, started_at = coalesce(started_at, excluded.started_at),
        finished_at = excluded.finished_at
      """)
    // Refreshes the cached rules: `limitsSteps`, which the next step reads, must not be older than this checkpoint.
    _ = try rules()
    try releaseSlots(of: job, step: true)
    try apply(output.effects, of: job, step: checkpoint.step, after: look)
    if output.degraded {
      _ = try db.run("UPDATE jobs SET degraded = 1 WHERE key = \(job.key)")
    }
    // The wake-up was meant for this step.
    if job.isWoken { _ = try db.run("UPDATE jobs SET wake = NULL WHERE key = \(job.key)") }
    if job.deaths > 0 || job.hasFailed {
      _ = try db.run("UPDATE jobs SET deaths = 0, alone = 0, error = NULL WHERE key = \(job.key)")
      if let content = job.content { _ = try db.run("DELETE FROM quarantine WHERE content = \(content)") }
    }
  }

  fileprivate func keep(_ blobs: [Blob], references: [ContentHash], for job: JobRow) throws {
    for blob in blobs { _ = try insert(blob) }
    for reference in references {
      let added = try db.run(
        """
        INSERT OR IGNORE INTO job_blobs (blob_key, job_key)
        SELECT key, \(job.key) FROM blobs WHERE hash = \(reference.rawValue)
        """)
      // The job refers to it already, or it was collected during the step, for example while the machine slept.
      if added == 0 { try requireBlob(reference, of: job) }
    }
  }

  private func requireBlob(_ hash: ContentHash, of job: JobRow) throws {
    let isKept = try db.first(
      """
      SELECT 1 FROM job_blobs
      WHERE blob_key = (SELECT key FROM blobs WHERE hash = \(hash.rawValue)) AND job_key = \(job.key)
      """
    ) { _ in true }
    guard isKept == nil else { return }
    throw Failure(
      .transient, code: "BLOB_COLLECTED", "The bytes \(hash) were collected before the step that made them was stored.",
      hint: "The step is tried again.")
  }

  /// Ends a run as the runner said, unless something happened to the job meanwhile; see ``RunEnd``.
  fileprivate func finish(_ job: JobRow, _ outcome: JobOutcome, holds: Bool) throws {
    let actor = "worker/\(job.worker ?? 0)"
    // The swap reads from the journal what the job holds.
    if holds, !outcome.reportsHold {
      try journal("held", actor: actor, job: job.key, document: job.document, generation: job.generation)
    }
    try releaseSlots(of: job)
    let run = EndingRun(
      isAskedToStop: job.cancelRequested, hasGeneration: job.generation != nil, hasContent: job.content != nil,
      isAlone: job.alone, fatal: try fatal(of: job, outcome))
    try act(run.decide(outcome), on: job, holds: holds, actor: actor)
  }

  private func act(_ end: RunEnd, on job: JobRow, holds: Bool, actor: String) throws {
    switch end {
    case .complete: try complete(job, holds: holds, actor: actor)
    case .stop(let attempt, let spends):
      if let attempt { try record(attempt, of: job, spent: spends) }
      try stopAsAsked(job, actor: actor)
    case .park(let dependency, let wait, let attempt, let otherwise):
      guard try !park(job, at: dependency, for: wait, because: attempt.failure, actor: actor) else { return }
      try act(otherwise, on: job, holds: holds, actor: actor)
    case .retry(let attempt, let wait, let spends, let reason, let countsDeath):
      try record(attempt, of: job, spent: spends)
      if countsDeath, let content = job.content, let failure = try countDeath(of: content) {
        var failure = failure.during(step: attempt.failure.step ?? "", attempt: attempt.failure.attempt ?? 0)
        failure.causes = [attempt.failure]
        return try die(job, of: failure, actor: actor)
      }
      try retry(job, attempt, after: wait, because: reason, actor: actor)
    case .die(let failure, let attempt):
      if let attempt { try record(attempt, of: job, spent: true) }
      try die(job, of: failure, actor: actor)
    case .wait(let wait, let step, let position, let cursor):
      try self.wait(job, for: wait, step: step, position: position, cursor: cursor, actor: actor)
    case .parkAtStep(let gates): try park(job, at: gates, actor: actor)
    case .giveBack: try giveBack(job, died: false, aloneInProcess: false, actor: actor)
    case .gather: try gather(job, actor: actor)
    }
  }

  private func complete(_ job: JobRow, holds: Bool, actor: String) throws {
    _ = try db.run(
      """
      UPDATE jobs SET state = 'completed', worker_key = NULL, lease_until = NULL, finished_at = \(now.rawValue),
        error = NULL
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .running, to: .completed)
    try journal(
      "completed", actor: actor, job: job.key, document: holds ? job.document : nil,
      generation: holds ? job.generation : nil)
    try countEnd(of: job, as: .completed)
    try release(after: job)
  }

  private func retry(
    _ job: JobRow, _ attempt: FailedAttempt, after wait: Duration, because reason: QueuedReason, actor: String
  ) throws {
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = \(reason.rawValue), worker_key = NULL, lease_until = NULL,
        due_at = \((now + wait).rawValue), error = \(JSONText.encode(attempt.failure))
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .running, to: .queued)
    try journal("retrying", actor: actor, job: job.key, data: attempt.failure.code)
    db.flag(CommitFlag.wake)
  }

  private func gather(_ job: JobRow, actor: String) throws {
    guard let generation = job.generation else {
      return try giveBack(job, died: false, aloneInProcess: false, actor: actor)
    }
    _ = try db.run(
      """
      UPDATE jobs SET state = 'waiting', worker_key = NULL, lease_until = NULL,
        waits_below = \(sql: CommitOrder.jobsUntilNow)
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .running, to: .waiting)
    try journal("waiting", actor: actor, job: job.key)
    try wakeWaiting(generation: generation)
  }

  /// Ends a running job that was asked to stop, unless it is wanted again.
  private func stopAsAsked(_ job: JobRow, actor: String) throws {
    if try isWantedAgain(job) { return try giveBack(job, died: false, aloneInProcess: false, actor: actor) }
    try cancel(job, reason: try cancelReason(job), actor: actor)
    try release(after: job)
  }

  /// The attempt that a job dies of when its on-failure step has ended; nil for one that is not failing.
  private func fatal(of job: JobRow, _ outcome: JobOutcome) throws -> FailedAttempt? {
    guard job.isFailing, case .dead = outcome else { return nil }
    return try db.first("SELECT fatal FROM jobs WHERE key = \(job.key)") {
      try JSONText.decode(FailedAttempt.self, $0.text(0))
    }
  }

  func record(_ attempt: FailedAttempt, of job: JobRow, spent: Bool) throws {
    let error = try JSONText.encode(attempt.failure)
    // A wait that spends no attempt may repeat for weeks: waits in a row with the same cause share one line.
    let again =
      try !spent
      && db.run(
        """
        UPDATE attempts SET error = \(error), finished_at = \(attempt.finishedAt.rawValue)
        WHERE key = (SELECT max(key) FROM attempts WHERE job_key = \(job.key)) AND position = \(attempt.position)
          AND error ->> '$.code' = \(attempt.failure.code) AND error ->> '$.kind' = \(attempt.failure.kind.rawValue)
          AND error ->> '$.kind' IN ('throttled', 'unavailable', 'exhausted')
        """) > 0
    if !again {
      _ = try db.run(
        """
        INSERT INTO attempts (job_key, position, error, started_at, finished_at)
        VALUES (\(job.key), \(attempt.position), \(error), \(attempt.startedAt.rawValue),
          \(attempt.finishedAt.rawValue))
        """)
    }
    // A job that could not even begin has no step that failed.
    guard let step = attempt.failure.step else { return }
    _ = try db.run(
      """
      INSERT INTO steps (job_key, position, step, attempts, error, started_at)
      VALUES (\(job.key), \(attempt.position), \(step), \(spent ? 1 : 0), \(error),
        \(attempt.startedAt.rawValue))
      ON CONFLICT (job_key, position) DO UPDATE SET attempts = attempts + excluded.attempts, error = excluded.error
      """)
  }
}
