import IngestCore
import IngestSQL

/// Carrying out the decision about one job.
extension WriteTransaction {
  /// Carries out a decision.
  /// - Parameter due: when the job starts; nil is now.
  func carryOut(_ decision: inout BulkDecision, _ job: JobRow, due: Timestamp?, actor: String) throws {
    switch decision.verdict {
    case .cancelled:
      try cancel(job, reason: "requested", actor: actor)
      try release(after: job)
    case .stopping:
      guard !job.cancelRequested else { return }
      _ = try db.run("UPDATE jobs SET cancel_requested = 1 WHERE key = \(job.key)")
      try journal("cancel-requested", actor: actor, job: job.key)
      db.flag(CommitFlag.wake)
    case .due:
      guard job.reason != QueuedReason.ready.rawValue else { return }
      try makeReady(job)
      try journal("retried", actor: actor, job: job.key)
    case .purged:
      try journal("purged", actor: actor, job: job.key, data: job.id)
      _ = try forget(job.key, id: job.id, state: .dead, source: job.source)
    case .superseded:
      _ = try db.run(
        "UPDATE jobs SET state = 'cancelled', reason = 'superseded', error = NULL WHERE key = \(job.key)")
      try count(source: job.source, from: .dead, to: .cancelled)
      try countGivenUp(job)
      try journal("superseded", actor: actor, job: job.key)
    case .redriven:
      guard let plan = decision.plan?.steps else { return }
      try redrive(job, plan, due: due, actor: actor)
    case .replayed:
      guard let plan = decision.plan?.steps else { return }
      decision.replay = try replay(job, plan, due: due, actor: actor).rawValue
    case .refused: break
    }
  }

  private func redrive(_ job: JobRow, _ plan: StepPlan, due: Timestamp?, actor: String) throws {
    if let content = job.content { _ = try db.run("DELETE FROM quarantine WHERE content = \(content)") }
    let isHeld = try countRedriven(job)
    try reopen(job)
    let workflow = try plan.latest.map { try workflowKey($0) }
    // The attempts stay: a redriven job keeps its history.
    _ = try db.run("DELETE FROM steps WHERE job_key = \(job.key) AND position >= \(plan.position)")
    _ = try db.run("UPDATE steps SET attempts = 0 WHERE job_key = \(job.key) AND finished_at IS NULL")
    try forgetLost(by: job, after: plan)
    let later = due.flatMap { $0 > now ? $0 : nil }
    // An older job of the document may still run if this one died in the queue: then it waits for that job. Otherwise
    // it has the same reason only until `makeReady` below.
    let isBlocked = plan.isBlocked || isHeld
    let isScheduled = later != nil && !isBlocked
    let reason: QueuedReason = isScheduled ? .scheduled : .afterPrevious
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = \(reason.rawValue),
        due_at = \(isScheduled ? later?.rawValue : nil), not_before = \(later?.rawValue),
        workflow_key = coalesce(\(workflow), workflow_key), finished_at = NULL, error = NULL, deaths = 0,
        alone = 0, cancel_requested = 0, deadline_at = NULL,
        degraded = degraded AND EXISTS (SELECT 1 FROM steps WHERE job_key = \(job.key) AND degraded = 1)
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .dead, to: .queued)
    if isScheduled {
      db.flag(CommitFlag.wake)
    } else if !isBlocked {
      var job = job
      job.alone = false
      try makeReady(job)
    }
    try journal("redriven", actor: actor, job: job.key, data: later?.description)
  }

  /// Creates a job that repeats this one and inherits the checkpoints before its first step.
  private func replay(_ job: JobRow, _ plan: StepPlan, due: Timestamp?, actor: String) throws -> JobID {
    let origin = try db.first(
      """
      SELECT j.task, j.workflow_key, j.priority, j.blob_key, s.name FROM jobs j JOIN sources s ON s.key = j.source_key
      WHERE j.key = \(job.key)
      """
    ) { (task: $0.text(0), workflow: $0.int64(1), priority: $0.int(2), blob: $0.optionalInt64(3), source: $0.text(4)) }
    guard let origin else { throw Failure.jobNotFound(job.id) }
    if let content = job.content { _ = try db.run("DELETE FROM quarantine WHERE content = \(content)") }
    let order = JobOrder(
      workflow: try plan.latest.map { try workflowKey($0) } ?? origin.workflow, source: job.source,
      sourceName: origin.source, priority: origin.priority, notBefore: due, deadline: plan.deadline,
      blob: origin.blob, actor: actor)
    let document = job.document.flatMap { key in job.revision.map { (key: key, revision: $0) } }
    let id = try insertJob(
      task: origin.task, document: document, content: job.content, generation: job.generation, order: order,
      blocked: plan.isBlocked)
    guard let new = try self.job(id) else { throw Failure.jobNotFound(id.rawValue) }
    _ = try db.run(
      """
      UPDATE jobs SET replay_of = \(job.id), singleton = (SELECT singleton FROM jobs WHERE key = \(job.key))
      WHERE key = \(new.key)
      """)
    if !plan.keptIDs.isEmpty {
      _ = try db.run(
        """
        INSERT INTO steps (job_key, position, step, result, degraded, started_at, finished_at)
        SELECT \(new.key), position, step, result, degraded, started_at, finished_at FROM steps
        WHERE job_key = \(job.key) AND position < \(plan.position) AND finished_at IS NOT NULL
        """)
      _ = try db.run(
        "INSERT INTO job_blobs (blob_key, job_key) SELECT blob_key, \(new.key) FROM job_blobs WHERE job_key = \(job.key)"
      )
      _ = try db.run(
        """
        UPDATE jobs SET degraded = EXISTS (SELECT 1 FROM steps WHERE job_key = \(new.key) AND degraded = 1)
        WHERE key = \(new.key)
        """)
    }
    try forgetLost(by: job, after: plan)
    try journal("replayed", actor: actor, job: job.key, data: id.rawValue)
    return id
  }

  /// Deletes the dead letters of chunks whose step runs again: the step reports again which chunks it loses. Those of a
  /// step whose checkpoint is kept stay with the job that lost them, which may be an older job that this one repeats.
  private func forgetLost(by job: JobRow, after plan: StepPlan) throws {
    let kept = try JSONText.encode(plan.keptIDs)
    let place: SQL =
      if let document = job.document, let revision = job.revision {
        """
        SELECT key FROM jobs
        WHERE document_key = \(document) AND generation_key = \(job.generation) AND revision = \(revision)
        """
      } else {
        "SELECT \(job.key)"
      }
    _ = try db.run(
      """
      DELETE FROM dead_chunks WHERE job_key IN (\(sql: place)) AND step NOT IN (SELECT value FROM json_each(\(kept)))
      """)
  }
}
