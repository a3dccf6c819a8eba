import IngestCore
import IngestSQL

/// Lanes: the queues of jobs that share the gates of their start. A closed lane or source costs one row, and claims do
/// not read its jobs: `sources.ready` counts the claimable jobs of open lanes only.
extension WriteTransaction {
  /// How many lanes one transaction opens at most; the next one opens the rest.
  static let reopened = 64
  /// The time after which the next lanes that wait for a gate's slots are opened, where more wait than one transaction
  /// opens: the lanes before them may not use the slot because of other gates.
  static let nextLook: Duration = .milliseconds(500)
  /// ``Fairness/level(_:least:)`` as SQL in an update of `sources`: reading it first would cost each submit a
  /// statement.
  static let level: StaticString = """
    max(virtual_time, coalesce((SELECT min(o.virtual_time) FROM sources o
      WHERE o.ready > 0 AND o.closed = 0 AND o.paused = 0), virtual_time))
    """

  /// Returns the lane with this key; creates it if it does not exist.
  func lane(at place: SubmitMemo.Lane, base: Int64? = nil) throws -> Int64 {
    let workflow = try db.first("SELECT name FROM workflows WHERE key = \(place.workflow)", { $0.text(0) }) ?? ""
    return try lane(
      source: place.source, generation: place.generation, workflow: workflow, gates: place.gates, base: base)
  }

  func lane(source: Int64, generation: Int64?, workflow: String, gates: String, base: Int64? = nil) throws -> Int64 {
    let known = try db.first(
      """
      SELECT key FROM lanes WHERE source_key = \(source) AND generation_key IS \(generation)
        AND workflow = \(workflow) AND gates = \(gates)
      """
    ) { $0.int64(0) }
    if let known { return known }
    return try db.first(
      """
      INSERT INTO lanes (source_key, generation_key, workflow, gates, base_key)
      VALUES (\(source), \(generation), \(workflow), \(gates), \(base)) RETURNING key
      """
    ) { $0.int64(0) } ?? 0
  }

  func laneRow(_ key: Int64) throws -> LaneRow {
    let row = try db.first(
      "SELECT \(raw: LaneRow.columns) FROM \(raw: LaneRow.tables) WHERE l.key = \(key)", LaneRow.init)
    guard let row else { throw Failure.damaged("a job's lane \(key) is missing") }
    return row
  }

  /// Adds claimable jobs to the counters. The virtual time of a source that had none is raised to the lowest of the
  /// other sources: its idle time gives it neither an advantage nor a delay.
  /// - Parameters:
  ///   - rank: the lowest rank of these jobs.
  ///   - queued: how many jobs are new in the state `queued`; counted in the same statement.
  func ready(source: Int64, lane: Int64, by change: Int = 1, rank: Int64, queued: Int = 0) throws {
    let isClosed = try db.first(
      """
      UPDATE lanes SET ready = ready + \(change),
        head = CASE WHEN ready > 0 AND head < \(rank) THEN head ELSE \(rank) END
      WHERE key = \(lane) RETURNING closed
      """
    ) { $0.bool(0) }
    guard isClosed == false else {
      if queued > 0 { _ = try db.run("UPDATE sources SET queued = queued + \(queued) WHERE key = \(source)") }
      return
    }
    try open(source: source, by: change, queued: queued)
  }

  /// Removes one claimable job from the counters.
  func unready(source: Int64, lane: Int64) throws {
    let isClosed = try db.first("UPDATE lanes SET ready = ready - 1 WHERE key = \(lane) RETURNING closed") {
      $0.bool(0)
    }
    if isClosed == false { _ = try db.run("UPDATE sources SET ready = ready - 1 WHERE key = \(source)") }
  }

  private func open(source: Int64, by change: Int, queued: Int = 0) throws {
    _ = try db.run(
      """
      UPDATE sources SET
        ready = ready + \(change), queued = queued + \(queued),
        virtual_time = CASE WHEN ready > 0 THEN virtual_time ELSE \(raw: Self.level) END
      WHERE key = \(source)
      """)
    db.flag(CommitFlag.wake)
  }

  /// Closes a lane, or its whole source where the gate belongs to the source: claims skip it.
  func close(_ lane: LaneRow, by gate: Int64, closesSource: Bool, until: Int64?, version: Int64) throws {
    guard !closesSource else {
      _ = try db.run(
        """
        UPDATE sources SET closed = 1, closed_until = \(until), closed_by = \(gate), closed_version = \(version)
        WHERE key = \(lane.source)
        """)
      return
    }
    let ready = try db.first(
      """
      UPDATE lanes SET closed = 1, closed_until = \(until), closed_by = \(gate), closed_version = \(version)
      WHERE key = \(lane.key) AND closed = 0 RETURNING ready
      """
    ) { $0.int(0) }
    guard let ready, ready > 0 else { return }
    _ = try db.run("UPDATE sources SET ready = ready - \(ready) WHERE key = \(lane.source)")
  }

  /// Opens lanes and sources that are due, and those that were closed under other rules or another boot. Claims then
  /// ask their gates again.
  func reopenDue(version: Int64) throws {
    let due = try reopen(
      """
      SELECT key, source_key, ready, closed_by FROM lanes WHERE closed = 1 AND closed_until <= \(uptime)
      ORDER BY closed_until LIMIT \(Self.reopened)
      """)
    // If one lane that waits for a gate's slots is due, all lanes that wait for the same gate are due.
    for gate in Set(due).sorted() where try isConcurrency(gate) { try reopen(closedBy: gate) }
    try reopen(
      """
      SELECT key, source_key, ready, closed_by FROM lanes WHERE closed = 1 AND closed_version < \(version)
      LIMIT \(Self.reopened)
      """)
    try reopenSources("closed_until <= \(uptime) OR closed_version < \(version)")
  }

  /// Opens the lanes and sources that this gate closed.
  func reopen(closedBy gate: Int64) throws {
    let opened = try reopen(
      """
      SELECT key, source_key, ready, closed_by FROM lanes WHERE closed = 1 AND closed_by = \(gate)
      ORDER BY head LIMIT \(Self.reopened)
      """)
    if opened.count == Self.reopened {
      let next = uptime + Self.nextLook.microseconds
      let marked = try db.run(
        """
        UPDATE lanes SET closed_until = \(next) WHERE key = (
          SELECT key FROM lanes WHERE closed = 1 AND closed_by = \(gate) ORDER BY head LIMIT 1)
        """)
      if marked > 0 { db.flag(CommitFlag.wake) }
    }
    try reopenSources("closed_by = \(gate)")
  }

  /// Opens the closed sources that match the condition. Their virtual time is raised to the lowest of the others.
  private func reopenSources(_ condition: SQL) throws {
    let opened = try db.run(
      """
      UPDATE sources SET closed = 0, closed_until = NULL, closed_by = NULL, closed_version = NULL,
        virtual_time = \(raw: Self.level)
      WHERE closed = 1 AND (\(sql: condition))
      """)
    if opened > 0 { db.flag(CommitFlag.wake) }
  }

  private func isConcurrency(_ gate: Int64) throws -> Bool {
    try db.first("SELECT kind = 'concurrency' FROM gates WHERE key = \(gate)") { $0.bool(0) } ?? false
  }

  /// Opens the lanes that the query returns.
  /// - Returns: the gates that had closed them, one for each lane.
  @discardableResult
  private func reopen(_ lanes: SQL) throws -> [Int64] {
    let closed = try db.rows(lanes) { row in
      (key: row.int64(0), source: row.int64(1), ready: row.int(2), gate: row.optionalInt64(3) ?? 0)
    }
    for lane in closed {
      _ = try db.run(
        """
        UPDATE lanes SET closed = 0, closed_until = NULL, closed_by = NULL, closed_version = NULL
        WHERE key = \(lane.key)
        """)
      if lane.ready > 0 { try open(source: lane.source, by: lane.ready) }
    }
    return closed.map(\.gate)
  }

  /// Records a new boot. Times of the last boot's clock mean nothing now, so everything closed is checked again.
  func adoptBoot() throws {
    let changed = try db.run(
      "UPDATE flow SET boot_id = \(bootID), boot_at = \(uptime) WHERE boot_id <> \(bootID)")
    if changed > 0 { try changeRules() }
  }

  /// Gives back the slots that a job holds, and opens the lanes that waited for them.
  /// - Parameter step: whether to give back only the slots of the step that ends.
  func releaseSlots(of job: JobRow, step: Bool = false) throws {
    guard job.gated else { return }
    let gates = try db.rows(
      "DELETE FROM slots WHERE job_key = \(job.key) AND step >= \(step ? 1 : 0) RETURNING gate_key"
    ) { $0.int64(0) }
    for gate in gates.sorted() {
      _ = try db.run("UPDATE gates SET held = held - 1 WHERE key = \(gate)")
      try reopen(closedBy: gate)
    }
    let left = step ? try db.first("SELECT 1 FROM slots WHERE job_key = \(job.key)") { _ in true } ?? false : false
    if !left { _ = try db.run("UPDATE jobs SET gated = 0 WHERE key = \(job.key)") }
  }

  /// Moves the first jobs of a lane to the lanes where they belong now: a limit was added after the lane was made.
  /// - Returns: how many jobs it moved.
  func sortOut(_ lane: LaneRow, rules: FlowRules, limit: Int) throws -> Int {
    let keys = rules.ownKeys
    let jobs = try db.rows(
      """
      SELECT key, rank, workflow_key, task FROM jobs INDEXED BY jobs_ready
      WHERE lane_key = \(lane.key) AND state = 'queued' AND reason = 'ready' AND alone = 0
      ORDER BY rank, key LIMIT \(limit)
      """
    ) { (key: $0.int64(0), rank: $0.int64(1), workflow: $0.int64(2), task: $0.text(3)) }
    for job in jobs {
      var traits = try LaneKey(stored: lane.gates)
      traits.keys = Self.traits(ofTask: job.task).values(of: keys)
      let place = SubmitMemo.Lane(
        source: lane.source, generation: lane.generation, workflow: job.workflow, gates: try traits.stored)
      let target = try self.lane(at: place, base: lane.base)
      guard target != lane.key else { throw Failure.damaged("a job of lane \(lane.key) belongs to no other lane") }
      _ = try db.run("UPDATE jobs SET lane_key = \(target) WHERE key = \(job.key)")
      try unready(source: lane.source, lane: lane.key)
      try ready(source: lane.source, lane: target, rank: job.rank)
    }
    // The moved jobs were the first of the lane, so its head is another job now.
    _ = try db.run(
      """
      UPDATE lanes SET head = (SELECT min(rank) FROM jobs INDEXED BY jobs_ready
        WHERE lane_key = \(lane.key) AND state = 'queued' AND reason = 'ready' AND alone = 0)
      WHERE key = \(lane.key)
      """)
    return jobs.count
  }

  /// Returns the job's values of the keys that limits count by. A job without a document has none.
  static func traits(ofTask task: String) -> JobTraits {
    guard let task = try? JSONText.decode(DocumentTask.self, task) else { return .none }
    return JobTraits(document: task.document.rawValue, meta: task.meta)
  }
}
