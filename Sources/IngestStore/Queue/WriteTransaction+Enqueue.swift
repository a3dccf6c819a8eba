import IngestCore
import IngestSQL

/// The settings of a new job, apart from its task.
struct JobOrder {
  var workflow: Int64
  var source: Int64
  var sourceName: String
  var priority: Int
  var notBefore: Timestamp?
  var deadline: Duration?
  /// The key of the content's blob.
  var blob: Int64?
  /// The text that is unique among open jobs, made of workflow, generation and key value; see
  /// ``WriteTransaction/singleton(_:document:generation:)``.
  var singleton: String?
  /// The time of the first submit that a debounce merged into this job.
  var debouncedSince: Timestamp?
  var actor: String

  /// How many points of priority the jobs of other generations have less than those of the live one.
  private static let behind = 10

  var behindLive: JobOrder {
    var copy = self
    copy.priority = max(-100, priority - Self.behind)
    return copy
  }
}

extension WriteTransaction {
  /// Queues a document's job in one generation. Older jobs that have not started end `cancelled`, reason `superseded`;
  /// if an older job is running, the new one waits for it.
  func enqueue(
    _ task: DocumentTask, meta: String, document: Int64, generation: Int64, order: JobOrder, memo: SubmitMemo? = nil
  ) throws -> JobID {
    var blocked = false
    let older = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE generation_key = \(generation) AND document_key = \(document) AND finished_at IS NULL
      """, JobRow.init)
    if !older.isEmpty, let memo { try flush(memo) }
    for job in older {
      switch job.state.beforeNewRevision {
      case .superseded: try cancel(job, reason: "superseded", actor: order.actor)
      case .blocks: blocked = true
      case .nothing: break
      }
    }
    let job = try insertJob(
      task: task.json(meta: meta), document: (document, task.revision), content: task.content?.rawValue,
      generation: generation, order: order, blocked: blocked,
      traits: JobTraits(document: task.document.rawValue, meta: task.meta), memo: memo)
    // A superseded job may have been the last one that the generation's own job waited for.
    if !older.isEmpty { try wakeWaiting(generation: generation) }
    return job
  }

  func insertJob(
    task: String, document: (key: Int64, revision: Int)?, content: String?, generation: Int64?, order: JobOrder,
    blocked: Bool, traits: JobTraits = .none, memo: SubmitMemo? = nil
  ) throws -> JobID {
    let id = identifiers.next(JobTag.self)
    var lane = LaneKey()
    let ownKeys = try memo?.ownKeys ?? rules().ownKeys
    memo?.ownKeys = ownKeys
    lane.keys = traits.values(of: ownKeys)
    let place = SubmitMemo.Lane(
      source: order.source, generation: generation, workflow: order.workflow, gates: try lane.stored)
    let laneKey = try memo?.lanes[place] ?? self.lane(at: place)
    memo?.lanes[place] = laneKey
    let start = QueuedStart(notBefore: order.notBefore, isBlocked: blocked, now: now)
    let rank = Priority(clamping: order.priority).rank(queuedAt: now)
    let key = try db.first(
      """
      INSERT INTO jobs (id, workflow_key, lane_key, source_key, generation_key, document_key, revision, content, blob_key,
        task, state, reason, priority, rank, due_at, not_before, deadline_at, singleton, debounced_since,
        created_at)
      VALUES (\(id.rawValue), \(order.workflow), \(laneKey), \(order.source), \(generation), \(document?.key),
        \(document?.revision), \(content), \(order.blob), \(task), 'queued', \(start.reason.rawValue),
        \(order.priority), \(rank), \(start.dueAt?.rawValue), \(start.notBefore?.rawValue),
        \(order.deadline.map { (now + $0).rawValue }), \(order.singleton), \(order.debouncedSince?.rawValue),
        \(now.rawValue))
      RETURNING key
      """
    ) { $0.int64(0) }
    if start.reason == .ready, let memo {
      let pending = memo.ready[laneKey] ?? (order.source, 0, rank)
      memo.ready[laneKey] = (order.source, pending.count + 1, min(pending.rank, rank))
    } else if start.reason == .ready {
      try ready(source: order.source, lane: laneKey, rank: rank, queued: 1)
    } else {
      _ = try db.run("UPDATE sources SET queued = queued + 1 WHERE key = \(order.source)")
    }
    if start.dueAt != nil { db.flag(CommitFlag.wake) }
    try journal("queued", actor: order.actor, job: key)
    return id
  }
}
