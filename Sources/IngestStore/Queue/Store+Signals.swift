package import IngestCore
import IngestSQL

/// Signals and approvals. Each is a row, kept until a step takes it.
extension Store: SignalStore {
  package func signal(_ id: JobID, name: String, data: String, actor: String) async throws -> SignalReceipt {
    try JobSignal.check(name: name, data: data)
    return try await write { transaction in
      let job = try transaction.reachable(id)
      return try transaction.send(name, data: data, to: job, actor: actor, shown: name)
    }
  }

  package func approve(
    _ id: JobID, step: String?, approved: Bool, reason: String?, actor: String
  ) async throws -> SignalReceipt {
    let data = try JSONText.encode(ApprovalAnswer(approved: approved, reason: reason))
    try JobSignal.check(name: "approval", data: data)
    return try await write { transaction in
      let job = try transaction.reachable(id)
      let step = try transaction.approval(step, of: job)
      return try transaction.send(StepWait.approval(step), data: data, to: job, actor: actor, shown: step)
    }
  }
}

extension WriteTransaction {
  /// Returns the job, if it has not ended: nothing would ever take a signal to an ended job.
  fileprivate func reachable(_ id: JobID) throws -> JobRow {
    guard let job = try job(id) else { throw Failure.jobNotFound(id.rawValue) }
    guard !job.state.isEnd else {
      throw Failure(
        .permanent, code: "JOB_ENDED",
        "Job \(id) takes no signals any more: it is \(job.state.rawValue).",
        hint: job.state == .dead
          ? "\(Action(.deadRedrive, "\(id)")) continues it; then send the signal again."
          : "See \(Action(.jobShow, "\(id)")).",
        category: .refused)
    }
    return job
  }

  /// Stores a signal, and ends the job's wait if it waits for this signal. A wait that has timed out does not take the
  /// signal, even if no worker has noticed the timeout yet.
  fileprivate func send(
    _ name: String, data: String, to job: JobRow, actor: String, shown: String
  ) throws -> SignalReceipt {
    let kept = try db.first("SELECT count(*) FROM signals WHERE job_key = \(job.key) AND taken_at IS NULL") {
      $0.int(0)
    }
    guard (kept ?? 0) < JobSignal.keptLimit else {
      throw Failure(
        .permanent, code: "SIGNALS_FULL", "Job \(job.id) has \(JobSignal.keptLimit) signals that no step has taken.",
        hint: "\(Action(.jobShow, "\(job.id)")) shows what the job waits for.", category: .refused)
    }
    _ = try db.run(
      """
      INSERT INTO signals (job_key, name, data, actor, sent_at)
      VALUES (\(job.key), \(name), \(data), \(actor), \(now.rawValue))
      """)
    try journal("signalled", actor: actor, job: job.key, data: name)
    let awaited = try db.first(
      """
      SELECT due_at FROM jobs WHERE key = \(job.key) AND state = 'waiting' AND waits_signal = \(name)
      """
    ) { SignalDecision.Wait(until: $0.optionalInt64(0).map(Timestamp.init)) }
    switch SignalDecision(wait: awaited, now: now) {
    case .keep: return SignalReceipt(state: job.state, taken: false, name: shown)
    case .timeOut:
      try resume(job, with: .timedOut)
      return SignalReceipt(state: .queued, taken: false, name: shown)
    case .endWait:
      guard let wake = try takeSignal(name, of: job) else {
        return SignalReceipt(state: job.state, taken: false, name: shown)
      }
      try resume(job, with: wake)
      return SignalReceipt(state: .queued, taken: true, name: shown)
    }
  }

  /// Takes the oldest signal of this name that nothing has taken yet.
  func takeSignal(_ name: String, of job: JobRow) throws -> Wake? {
    let signal = try db.first(
      """
      UPDATE signals SET taken_at = \(now.rawValue) WHERE key = (
        SELECT key FROM signals WHERE job_key = \(job.key) AND name = \(name) AND taken_at IS NULL
        ORDER BY key LIMIT 1)
      RETURNING data, actor, sent_at
      """
    ) { (data: $0.text(0), actor: $0.text(1), sentAt: Timestamp(rawValue: $0.int64(2))) }
    return signal.map { .signal(name: name, data: $0.data, actor: $0.actor, sentAt: $0.sentAt) }
  }

  /// Returns the approval that is meant: the named one, or the one that the job waits for.
  fileprivate func approval(_ step: String?, of job: JobRow) throws -> String {
    let waits = try db.first("SELECT waits_signal FROM jobs WHERE key = \(job.key)") { $0.optionalText(0) } ?? nil
    switch ApprovalChoice(step: step, awaiting: waits) {
    case .awaited(let step): return step
    case .none: throw ApprovalChoice.notAwaited(job: job.id, job.state)
    case .early(let step):
      let refusal = ApprovalChoice.refusal(
        ofEarly: step, job: job.id, approvals: try approvals(of: job), isAnswered: try isAnswered(step, of: job))
      if let refusal { throw refusal }
      return step
    }
  }

  private func approvals(of job: JobRow) throws -> [String] {
    let definition = try db.first(
      "SELECT w.definition FROM jobs j JOIN workflows w ON w.key = j.workflow_key WHERE j.key = \(job.key)"
    ) { try JSONText.decode(WorkflowDefinition.self, $0.text(0)) }
    return definition?.approvals ?? []
  }

  private func isAnswered(_ step: String, of job: JobRow) throws -> Bool {
    let isDone = try db.first(
      "SELECT 1 FROM steps WHERE job_key = \(job.key) AND step = \(step) AND finished_at IS NOT NULL"
    ) { _ in true }
    // Someone answered, and the step has not read it yet: the answer came early, or is a repeat after a lost
    // acknowledgement.
    let isAnswered = try db.first(
      """
      SELECT 1 FROM signals s JOIN jobs j ON j.key = s.job_key
      WHERE s.job_key = \(job.key) AND s.name = \(StepWait.approval(step))
        AND (s.taken_at IS NULL OR j.wake IS NOT NULL)
      LIMIT 1
      """
    ) { _ in true }
    return isDone ?? isAnswered ?? false
  }
}
