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
    if let receipt = try db.repeated(request, source: source, now: now) { return receipt }
    var order = JobOrder(
      workflow: try workflowKey(request.workflow), source: source, sourceName: request.source,
      priority: request.priority, notBefore: request.notBefore, deadline: request.workflow.definition.deadline,
      blob: nil, actor: request.actor)
    if let (singleton, mode) = request.singleton {
      if let older = try openJob(singleton: singleton) {
        switch mode {
        case .skip: return EnqueueReceipt(job: JobID(rawValue: older.id), state: older.state, outcome: .skipped)
        case .cancel: try stop(older, reason: "singleton", actor: request.actor)
        }
      }
      order.singleton = singleton
    }
    try takeRate(of: RatedWork(request))
    let job = try insertJob(
      task: request.input, document: nil, content: nil, generation: nil, order: order, blocked: false)
    try keep(request, source: source, job)
    return EnqueueReceipt(job: job, state: .queued, outcome: .accepted)
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
  /// Returns the receipt of the first request with this key, if it is still known.
  /// - Throws: `IDEMPOTENCY_KEY_REUSED` if the key was used with a different request.
  fileprivate func repeated(_ request: EnqueueRequest, source: Int64, now: Timestamp) throws -> EnqueueReceipt? {
    guard let key = request.idempotencyKey else { return nil }
    let before = try first(
      """
      SELECT k.request, k.job, coalesce((SELECT state FROM jobs WHERE id = k.job), k.state) FROM idempotency_keys k
      WHERE k.source_key = \(source) AND k.key = \(key) AND (k.expires_at IS NULL OR k.expires_at > \(now.rawValue))
      """
    ) { row in
      (
        asked: row.text(0), job: JobID(rawValue: row.optionalText(1) ?? ""),
        state: try row.optionalText(2).map { try JobState(stored: $0) }
      )
    }
    guard let before else { return nil }
    guard before.asked == request.idempotencyRequest else {
      throw Failure.idempotencyKeyReused(key, source: request.source)
    }
    return EnqueueReceipt(job: before.job, state: before.state, outcome: .duplicate)
  }
}

extension EnqueueRequest {
  /// The request that an idempotency key identifies. No index has a `:` in its name, so this never equals the request
  /// of a submit.
  fileprivate var idempotencyRequest: String { "workflow:\(workflow.definition.name)|\(inputHash)" }

  /// The text that is unique among open jobs, by keys that a job without a document has; nil for other keys.
  fileprivate var singleton: (String, Singleton.Mode)? {
    guard let singleton = workflow.definition.singleton else { return nil }
    let value: String
    switch singleton.key {
    case .source: value = source
    case .workflow: value = ""
    case .index, .document, .tenant, .meta, .provider: return nil
    }
    return ("\(workflow.definition.name)/-/\(singleton.key)=\(value)", singleton.mode)
  }
}
