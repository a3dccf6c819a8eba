import IngestCore
import IngestSQL

extension ChildGroup {
  static let columns: StaticString = "open, held, parallel, closing"

  init(_ row: borrowing Row) {
    self.init(open: row.int(0), held: row.int(1), parallel: row.optionalInt(2), isClosing: row.int(3) > 0)
  }
}

/// Child jobs. They are made under their parent's fence, and counted in the transaction that ends them.
extension WriteTransaction {
  /// How many children one transaction ends at most.
  private static let slice = 64

  /// Makes children of the step at this position, each once. A child that ended only because its parent did is
  /// continued instead.
  /// - Parameter job: the running parent.
  func make(_ batch: ChildBatch, for job: JobRow, position: Int) throws {
    guard !batch.jobs.isEmpty else { return }
    _ = try db.run(
      """
      INSERT INTO child_groups (parent_key, step, parallel) VALUES (\(job.key), \(position), \(batch.parallel))
      ON CONFLICT (parent_key, step) DO UPDATE SET parallel = excluded.parallel, closing = 0
      """)
    guard var group = try group(of: job.key, step: position) else { return }
    let parent = try db.first(
      "SELECT priority, (SELECT name FROM sources WHERE key = source_key) FROM jobs WHERE key = \(job.key)"
    ) { (priority: $0.int(0), source: $0.text(1)) }
    guard let parent else { return }
    let memo = SubmitMemo()
    var workflows: [ContentHash: Int64] = [:]
    var before = (open: group.open, held: group.held)
    for child in batch.jobs {
      let known = try db.first(
        """
        SELECT \(raw: JobRow.columns) FROM jobs
        WHERE parent_key = \(job.key) AND parent_step = \(position) AND child = \(child.position)
        """, JobRow.init)
      let held = !group.hasRoom
      if let known {
        guard known.state == .cancelled, known.reason == "parent" else { continue }
        try goOn(known, held: held)
        _ = try db.run(
          "UPDATE child_groups SET cancelled = cancelled - 1 WHERE parent_key = \(job.key) AND step = \(position)")
      } else {
        let workflow = try workflows[child.workflow.version] ?? workflowKey(child.workflow)
        workflows[child.workflow.version] = workflow
        let order = JobOrder(
          workflow: workflow, source: job.source, sourceName: parent.source, priority: parent.priority, notBefore: nil,
          deadline: child.workflow.definition.deadline, blob: nil, actor: "job/\(job.id)")
        let id = try insertJob(
          task: child.task, document: nil, content: nil, generation: job.generation, order: order, blocked: held,
          memo: memo)
        _ = try db.run(
          """
          UPDATE jobs SET parent_key = \(job.key), parent_step = \(position), child = \(child.position)
          WHERE id = \(id.rawValue)
          """)
      }
      group.open += 1
      if held { group.held += 1 }
    }
    try flush(memo)
    before = (group.open - before.open, group.held - before.held)
    _ = try db.run(
      """
      UPDATE child_groups SET open = open + \(before.open), held = held + \(before.held)
      WHERE parent_key = \(job.key) AND step = \(position)
      """)
    // While the parent was in an ended state, a child that ended did not start the next child.
    for _ in 0..<Self.slice where group.held > 0 && group.hasRoom {
      try startHeld(of: job.key, step: position)
      group.held -= 1
    }
  }

  /// Starts the first child that waits for its turn.
  private func startHeld(of parent: Int64, step: Int) throws {
    let next = try db.first(
      """
      SELECT \(raw: JobRow.columns) FROM jobs INDEXED BY jobs_children_open
      WHERE parent_key = \(parent) AND parent_step = \(step) AND finished_at IS NULL AND state = 'queued'
        AND reason = 'after-previous'
      ORDER BY child LIMIT 1
      """, JobRow.init)
    guard let next else { return }
    try makeReady(next)
    _ = try db.run("UPDATE child_groups SET held = held - 1 WHERE parent_key = \(parent) AND step = \(step)")
  }

  /// Moves a dead child that was given up from the dead to the cancelled children.
  func countGivenUp(_ job: JobRow) throws {
    guard let parent = job.parent, let step = job.parentStep, job.state == .dead else { return }
    _ = try db.run(
      """
      UPDATE child_groups SET dead = dead - 1, cancelled = cancelled + 1
      WHERE parent_key = \(parent) AND step = \(step) AND dead > 0
      """)
  }

  /// Counts a child that has just ended: it starts the next child of its step, and the last one wakes the parent. If a
  /// schedule's next run waits for the job, it makes that run due.
  /// - Parameters:
  ///   - job: the job as it was before it ended.
  ///   - state: the state in which it ended.
  func countEnd(of job: JobRow, as state: JobState) throws {
    if job.document == nil { try wakeSchedule(after: job) }
    if job.state == .dead, state == .cancelled { return try countGivenUp(job) }
    guard let parent = job.parent, let step = job.parentStep, !job.state.isEnd else { return }
    let group = try db.first(
      """
      UPDATE child_groups SET open = open - 1, held = held - \(job.isHeld ? 1 : 0),
        \(raw: state.counter) = \(raw: state.counter) + 1
      WHERE parent_key = \(parent) AND step = \(step) RETURNING \(raw: ChildGroup.columns)
      """, ChildGroup.init)
    guard let group else { return }
    switch group.next {
    case .wakeParent: try wakeParent(parent, step: step)
    case .startHeld: try startHeld(of: parent, step: step)
    case .nothing: break
    }
  }

  /// Counts a dead child that was redriven as open again. If the parent does not wait any more, the child's outcome
  /// wakes nothing.
  /// - Returns: whether the child has to wait for its turn among its siblings.
  func countRedriven(_ job: JobRow) throws -> Bool {
    guard let parent = job.parent, let step = job.parentStep, let group = try group(of: parent, step: step) else {
      return false
    }
    let held = group.holdsRedriven
    _ = try db.run(
      """
      UPDATE child_groups SET open = open + 1, held = held + \(held ? 1 : 0), dead = dead - 1
      WHERE parent_key = \(parent) AND step = \(step)
      """)
    return held
  }

  /// Marks the child groups of a job that was cancelled or died, so that ``endChildren()`` ends its open children slice
  /// by slice.
  func abandonChildren(of job: JobRow) throws {
    let childGroups = try db.run(
      "UPDATE child_groups SET closing = 1 WHERE parent_key = \(job.key) AND open > 0 AND closing = 0")
    if childGroups > 0 { db.flag(CommitFlag.wake) }
  }

  /// Ends some children of parents that have ended. Children that are not running end at once; running ones are asked
  /// to stop.
  /// - Returns: whether there may be more.
  func endChildren() throws -> Bool {
    let group = try db.first("SELECT parent_key, step FROM child_groups WHERE closing = 1 LIMIT 1") {
      (parent: $0.int64(0), step: $0.int(1))
    }
    guard let (parent, step) = group else { return false }
    let children = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs INDEXED BY jobs_children_open
      WHERE parent_key = \(parent) AND parent_step = \(step) AND finished_at IS NULL AND cancel_requested = 0
      ORDER BY child LIMIT \(Self.slice)
      """, JobRow.init)
    for child in children {
      switch child.state.stop {
      case .request:
        _ = try db.run("UPDATE jobs SET cancel_requested = 1 WHERE key = \(child.key)")
        try journal("cancel-requested", actor: "parent", job: child.key)
        db.flag(CommitFlag.wake)
      case .cancel: try cancel(child, reason: "parent", actor: "parent")
      case .nothing: break
      }
    }
    if children.count < Self.slice {
      _ = try db.run("UPDATE child_groups SET closing = 2 WHERE parent_key = \(parent) AND step = \(step)")
    }
    return true
  }

  /// Counts a held child that starts out of turn as no longer held.
  func leaveTurn(_ job: JobRow) throws {
    guard let parent = job.parent, let step = job.parentStep, job.isHeld else { return }
    _ = try db.run("UPDATE child_groups SET held = held - 1 WHERE parent_key = \(parent) AND step = \(step)")
  }

  /// Returns the reason with which a running job that was asked to stop is cancelled.
  func cancelReason(_ job: JobRow) throws -> String {
    guard let parent = job.parent, let step = job.parentStep else {
      return try isReplacedByItsSchedule(job) ? "schedule" : "requested"
    }
    return try group(of: parent, step: step).map { $0.isClosing } == true ? "parent" : "requested"
  }

  /// Whether a child should continue after all: it was asked to stop only because its parent ended, and the parent has
  /// been continued since.
  func isWantedAgain(_ job: JobRow) throws -> Bool {
    guard job.cancelRequested, let parent = job.parent, let step = job.parentStep,
      let group = try group(of: parent, step: step), !group.isClosing
    else { return false }
    let actor = try db.first(
      "SELECT actor FROM journal WHERE job_key = \(job.key) AND kind = 'cancel-requested' ORDER BY seq DESC LIMIT 1"
    ) { $0.text(0) }
    return actor == "parent"
  }

  func childrenReport(of parent: Int64, step: Int) throws -> ChildrenReport {
    let counts = try db.first(
      "SELECT completed, cancelled, dead FROM child_groups WHERE parent_key = \(parent) AND step = \(step)"
    ) { ($0.int(0), $0.int(1), $0.int(2)) }
    let failures = try db.deadChildren(of: parent, step: step, limit: ChildrenSummary.failuresShown).map { child in
      var failure = child.error
      // The parent's error includes these failures; their causes are shown with the child.
      failure.causes = []
      return failure
    }
    return ChildrenReport(
      completed: counts?.0 ?? 0, cancelled: counts?.1 ?? 0, dead: counts?.2 ?? 0, failures: failures)
  }

  private func wakeParent(_ key: Int64, step: Int) throws {
    let parent = try db.first(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE key = \(key) AND state = 'waiting' AND waits_children = \(step)
      """, JobRow.init)
    guard let parent else { return }
    try resume(parent, with: .children(try childrenReport(of: key, step: step)))
  }

  /// Continues a child that was cancelled only because its parent ended, from where it stopped.
  private func goOn(_ job: JobRow, held: Bool) throws {
    let reason: QueuedReason = held ? .afterPrevious : .ready
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = \(reason.rawValue), finished_at = NULL, error = NULL,
        cancel_requested = 0, deadline_at = NULL, deaths = 0, alone = 0
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .cancelled, to: .queued)
    if !held { try ready(source: job.source, lane: job.lane, rank: job.rank) }
    try reopen(job)
    try journal("redriven", actor: "parent", job: job.key)
  }

  private func group(of parent: Int64, step: Int) throws -> ChildGroup? {
    try db.first(
      "SELECT \(raw: ChildGroup.columns) FROM child_groups WHERE parent_key = \(parent) AND step = \(step)",
      ChildGroup.init)
  }
}

extension Connection {
  /// Returns the first dead children of one step, by their position.
  func deadChildren(of parent: Int64, step: Int, limit: Int) throws -> [ChildrenSummary.Dead] {
    try rows(
      """
      SELECT id, child, error FROM jobs INDEXED BY jobs_children_dead
      WHERE parent_key = \(parent) AND parent_step = \(step) AND state = 'dead' ORDER BY child LIMIT \(limit)
      """
    ) { row in
      ChildrenSummary.Dead(
        job: row.text(0), child: row.int(1), error: try JSONText.decode(Failure.self, row.text(2)))
    }
  }
}

extension JobRow {
  /// Whether it is a child that waits for its turn.
  fileprivate var isHeld: Bool { state == .queued && reason == QueuedReason.afterPrevious.rawValue }
}
