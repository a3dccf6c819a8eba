package import IngestCore
import IngestSQL

/// Jobs that are started by their workflow and belong to no index.
extension Store: EnqueueStore {
  package func enqueue(_ request: EnqueueRequest) async throws -> EnqueueReceipt {
    try await noteBoot()
    do {
      return try await write { transaction in try transaction.enqueue(request) }
    } catch let refusal as RateRefusal {
      try await write { try $0.rebaseRates(of: refusal.work) }
      throw refusal.failure
    }
  }
}

extension WriteTransaction {
  fileprivate func enqueue(_ request: EnqueueRequest) throws -> EnqueueReceipt {
    let source = try sourceKey(request.source)
    let first = try db.firstAnswer(request, source: source, now: now)
    let claim = first == nil ? request.singleton : nil
    let holder = try claim.flatMap { try openJob(singleton: $0.name) }
    switch try EnqueueDecision(request, firstAnswer: first, holder: holder?.opened) {
    case .repeated(let receipt), .skipped(let receipt): return receipt
    case .accepted(let replacesHolder):
      if replacesHolder, let holder { try stop(holder, reason: "singleton", actor: request.actor) }
      try takeRate(of: RatedWork(request))
      let order = JobOrder(
        workflow: try workflowKey(request.workflow), source: source, sourceName: request.source,
        priority: request.priority, notBefore: request.notBefore, deadline: request.workflow.definition.deadline,
        blob: nil, singleton: claim?.name, actor: request.actor)
      let job = try insertJob(
        task: request.input, document: nil, content: nil, generation: nil, order: order, blocked: false)
      try keep(request, source: source, job)
      return EnqueueReceipt(job: job, state: .queued, outcome: .accepted)
    }
  }

  private func keep(_ request: EnqueueRequest, source: Int64, _ job: JobID) throws {
    guard let key = request.idempotencyKey else { return }
    _ = try db.run(
      """
      INSERT INTO idempotency_keys (source_key, key, request, job, created_at, expires_at)
      VALUES (\(source), \(key), \(request.idempotencyRequest), \(job.rawValue), \(now.rawValue),
        \((now + request.keyLife).rawValue))
      ON CONFLICT (source_key, key) DO UPDATE SET request = excluded.request, job = excluded.job, document = NULL,
        revision = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at, state = NULL
      """)
  }
}

extension Connection {
  /// The first answer to an idempotency key that is in force, with its job's state as it is now or was last.
  fileprivate func firstAnswer(
    _ request: EnqueueRequest, source: Int64, now: Timestamp
  ) throws -> EnqueueDecision.FirstAnswer? {
    guard let key = request.idempotencyKey else { return nil }
    return try first(
      """
      SELECT k.request, k.job, coalesce((SELECT state FROM jobs WHERE id = k.job), k.state) FROM idempotency_keys k
      WHERE k.source_key = \(source) AND k.key = \(key) AND (k.expires_at IS NULL OR k.expires_at > \(now.rawValue))
      """
    ) { row in
      EnqueueDecision.FirstAnswer(
        request: row.text(0),
        receipt: EnqueueReceipt(
          job: JobID(rawValue: row.optionalText(1) ?? ""),
          state: try row.optionalText(2).map { try JobState(stored: $0) }, outcome: .duplicate))
    }
  }
}
