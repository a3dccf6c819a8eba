import IngestCore
import IngestSQL

/// One schedule within a transaction. It handles each tick by the overlap policy and the open runs.
struct ScheduleRun {
  private let row: ScheduleRow
  private let transaction: WriteTransaction
  private let workflow: PinnedWorkflow?
  private let actor: String
  /// The runs that have not ended, including those that were asked to stop.
  private var open: [JobRow]
  private var queued: Timestamp?
  private(set) var fired: ScheduleFired
  private var missed: Timestamp?

  init(
    _ row: ScheduleRow, workflow: PinnedWorkflow?, failure: Failure?, in transaction: WriteTransaction,
    actor: String? = nil
  ) throws {
    self.row = row
    self.transaction = transaction
    self.workflow = workflow
    self.actor = actor ?? "schedule/\(row.record.name)"
    queued = row.record.queued
    missed = row.record.missed
    fired = ScheduleFired(failure: failure)
    open = try transaction.db.rows(
      "SELECT \(raw: JobRow.columns) FROM jobs WHERE schedule_key = \(row.key) AND finished_at IS NULL", JobRow.init)
  }

  /// Records that no worker could fire from this tick on, until the window that is caught up.
  mutating func miss(_ tick: Timestamp) throws {
    missed = tick
    try journal("missed", tick)
  }

  /// Starts the queued tick, once no run is open.
  mutating func startQueued() throws {
    guard let tick = queued, open.isEmpty, workflow != nil || fired.failure != nil else { return }
    queued = nil
    try start(ScheduleDecision.Tick(at: tick, startAt: transaction.now))
  }

  /// Whether a queued tick can start. The caller may have passed no workflow for it, because the tick still waited for
  /// an open run when the caller decided.
  var startsQueued: Bool { queued != nil && open.isEmpty }

  @discardableResult
  mutating func tick(_ tick: ScheduleDecision.Tick) throws -> OverlapPolicy.Decision {
    let decision = row.record.spec.overlap.decide(running: open.count, waiting: queued == nil ? 0 : 1)
    switch decision {
    case .start: try start(tick)
    case .skip: try skip(tick.at)
    case .queue:
      queued = tick.at
      try journal("tick-queued", tick.at)
    case .cancelAndStart:
      try cancelOpen()
      if let waiting = queued { try skip(waiting) }
      queued = open.isEmpty ? nil : tick.at
      if open.isEmpty { try start(tick) } else { try journal("tick-queued", tick.at) }
    }
    return decision
  }

  /// Ends the open runs that are not running, and asks the running ones to stop.
  private mutating func cancelOpen() throws {
    var stopping: [JobRow] = []
    for job in open {
      switch job.state.stop {
      case .cancel:
        try transaction.cancel(job, reason: "schedule", actor: actor)
        try transaction.release(after: job)
      case .request:
        stopping.append(job)
        guard !job.cancelRequested else { continue }
        _ = try transaction.db.run("UPDATE jobs SET cancel_requested = 1 WHERE key = \(job.key)")
        try transaction.journal("cancel-requested", actor: actor, job: job.key)
        transaction.db.flag(CommitFlag.wake)
      case .nothing: break
      }
    }
    open = stopping
  }

  private mutating func skip(_ tick: Timestamp) throws {
    fired.skipped += 1
    try journal("skipped", tick)
  }

  private mutating func start(_ tick: ScheduleDecision.Tick) throws {
    guard let workflow else { return try fail(tick.at, fired.failure ?? Self.noWorkflow(row)) }
    let spec = row.record.spec.run
    let db = transaction.db
    var generation: Int64?
    if let index = spec.index {
      generation = try db.first(
        """
        SELECT g.key FROM generations g JOIN indexes i ON i.key = g.index_key
        WHERE i.name = \(index) AND g.state = 'live'
        """
      ) { $0.int64(0) }
      guard generation != nil else {
        return try fail(
          tick.at,
          Failure(
            .unavailable, code: "INDEX_NOT_READY", "Index '\(index)' has no live generation.",
            hint: "\(Action(.indexCreate, index)) creates it.", category: .later))
      }
    }
    let order = JobOrder(
      workflow: try transaction.workflowKey(workflow), source: try transaction.sourceKey(spec.source),
      sourceName: spec.source, priority: spec.priority, notBefore: tick.startAt,
      deadline: workflow.definition.deadline, blob: nil, actor: actor)
    let id = try transaction.insertJob(
      task: spec.task, document: nil, content: nil, generation: generation, order: order, blocked: false)
    _ = try db.run("UPDATE jobs SET schedule_key = \(row.key) WHERE id = \(id.rawValue)")
    guard let job = try transaction.job(id) else { return }
    open.append(job)
    fired.started.append(id)
    fired.failure = nil
    try journal("fired", tick.at, job: job.key)
  }

  private mutating func fail(_ tick: Timestamp, _ failure: Failure) throws {
    fired.failure = failure
    try journal("tick-failed", tick, because: failure.code)
  }

  private static func noWorkflow(_ row: ScheduleRow) -> Failure {
    Failure(
      .permanent, code: "WORKFLOW_NOT_FOUND", "There is no workflow '\(row.record.spec.run.workflow)'.",
      hint: "\(Action(.workflowList)) lists the workflows.", category: .notFound)
  }

  private func journal(_ kind: String, _ tick: Timestamp, job: Int64? = nil, because code: String? = nil) throws {
    let what = "\(row.record.name) \(tick)" + (code.map { " \($0)" } ?? "")
    try transaction.journal(kind, actor: actor, job: job, data: what)
  }

  /// Stores the schedule's new times and counters.
  func keep(last: Timestamp, next: Timestamp?) throws {
    let lastJob = fired.started.last?.rawValue
    let firedAt = lastJob == nil ? nil : transaction.now.rawValue
    let error = try fired.failure.map { try JSONText.encode($0) }
    let keepsError = fired.failure == nil && fired.started.isEmpty
    _ = try transaction.db.run(
      """
      UPDATE schedules SET last_at = \(last.rawValue), next_at = \(next?.rawValue), queued_at = \(queued?.rawValue),
        version = version + 1, fired = fired + \(fired.started.count), skipped = skipped + \(fired.skipped),
        missed_at = \(missed?.rawValue), fired_at = coalesce(\(firedAt), fired_at),
        last_job = coalesce(\(lastJob), last_job), error = CASE WHEN \(keepsError) THEN error ELSE \(error) END
      WHERE key = \(row.key)
      """)
  }
}
