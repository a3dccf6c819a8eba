package import IngestCore
import IngestSQL

/// Claims of jobs that can start now. An index finds them, so the cost does not depend on how many jobs wait.
extension Store {
  package func claim(_ request: ClaimRequest) async throws -> ClaimResult {
    // An idle worker checks on a reader before it locks the writer, so that each of many idle workers costs only one
    // read.
    if request.idle,
      try await read({ [clock] db in
        try !Self.mayClaim(db, now: clock.now, uptime: clock.uptime, bootID: clock.bootID)
      })
    {
      return ClaimResult(jobs: [], nextDue: try await nextDue(), aloneWaiting: false)
    }
    var result = try await write { transaction in try transaction.claim(request) }
    // The jobs are already leased. They must reach the worker even if this read fails.
    if result.jobs.count < request.limit, result.nextDue == nil { result.nextDue = try? await nextDue() }
    return result
  }

  private static func mayClaim(_ db: Connection, now: Timestamp, uptime: Int64, bootID: String) throws -> Bool {
    try db.first(
      """
      SELECT (SELECT paused FROM flow) = 0 AND (
        EXISTS (SELECT 1 FROM sources WHERE ready > 0 AND closed = 0 AND paused = 0)
        OR EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND reason = 'ready' AND alone = 1))
      """
    ) { $0.bool(0) } ?? false || mayTidy(db, now: now, uptime: uptime, bootID: bootID)
  }

  /// Whether some job, lane or child group needs tidying: due jobs, passed deadlines, expired leases, closed lanes to
  /// open. Most claims need only this one query.
  fileprivate static func mayTidy(_ db: Connection, now: Timestamp, uptime: Int64, bootID: String) throws -> Bool {
    try db.first(
      SQL(
        named: "claim.may-tidy",
        """
        SELECT EXISTS (SELECT 1 FROM jobs WHERE due_at <= \(now.rawValue))
          OR EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND lease_until <= \(uptime))
          OR EXISTS (SELECT 1 FROM jobs WHERE deadline_at <= \(now.rawValue) AND finished_at IS NULL)
          OR EXISTS (SELECT 1 FROM lanes WHERE closed = 1 AND closed_until <= \(uptime))
          OR EXISTS (SELECT 1 FROM sources WHERE closed = 1 AND closed_until <= \(uptime))
          OR EXISTS (SELECT 1 FROM lanes WHERE closed = 1 AND closed_version < (SELECT version FROM flow))
          OR EXISTS (SELECT 1 FROM sources WHERE closed = 1 AND closed_version < (SELECT version FROM flow))
          OR EXISTS (SELECT 1 FROM flow WHERE boot_id <> \(bootID))
          OR EXISTS (SELECT 1 FROM child_groups WHERE closing = 1)
        """)
    ) { $0.bool(0) } ?? false
  }

  private func nextDue() async throws -> Duration? {
    try await read { [clock] db in
      let due = try db.first("SELECT min(due_at) FROM jobs WHERE due_at IS NOT NULL") { $0.optionalInt64(0) } ?? nil
      let lease =
        try db.first("SELECT min(lease_until) FROM jobs WHERE state = 'running'") { $0.optionalInt64(0) } ?? nil
      let lane = try db.first("SELECT min(closed_until) FROM lanes WHERE closed = 1") { $0.optionalInt64(0) } ?? nil
      let source = try db.first("SELECT min(closed_until) FROM sources WHERE closed = 1") { $0.optionalInt64(0) } ?? nil
      // The next claim continues the work that one claim did not finish.
      let left = try db.first(
        """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM child_groups WHERE closing = 1)
          OR EXISTS (SELECT 1 FROM lanes WHERE closed = 1 AND closed_version < (SELECT version FROM flow))
        """
      ) { _ in Int64(0) }
      let waits =
        [due.map { $0 - clock.now.rawValue }, left]
        + [lease, lane, source].map { time in time.map { $0 - clock.uptime } }
      return waits.compactMap(\.self).min().map { .microseconds(max(0, $0)) }
    }
  }
}

extension WriteTransaction {
  /// How many rows of each kind one claim tidies at most: no member of a group commit may take long.
  private static let slice = ClaimBudget.slice
  /// How many lanes of a source one read returns at most.
  private static let lanes = 32

  /// Tidies, then claims jobs for a worker.
  /// - Returns: the claimed jobs; `nextDue` is set only where there was more to examine than one transaction may.
  func claim(_ request: ClaimRequest) throws -> ClaimResult {
    guard let worker = try db.first("SELECT key FROM workers WHERE id = \(request.worker.rawValue)", { $0.int64(0) })
    else { throw Failure.workerUnknown(request.worker) }
    var rules = try rules()
    if try Store.mayTidy(db, now: now, uptime: uptime, bootID: bootID) {
      try adoptBoot()
      rules = try self.rules()
      try promoteDue()
      try endPastDeadline()
      try expireLeases()
      try reopenDue(version: rules.version)
      _ = try endChildren()
    }
    guard !rules.isPaused else { return ClaimResult(jobs: [], nextDue: nil, aloneWaiting: false) }
    let claim = Claim(request: request, worker: worker, rules: rules, gates: GateAccounts(self))
    if let alone = try firstAlone(claim) {
      guard try drains(worker, idle: request.idle) else { return try claimLanes(claim) }
      guard request.idle, case .granted = try claim.gates.take(alone.gates),
        let claimed = try take(
          alone.job, claim, gates: alone.gates, base: alone.base, admitted: alone.traits.step?.step)
      else { return ClaimResult(jobs: [], nextDue: nil, aloneWaiting: true) }
      try claim.gates.store()
      try count(source: alone.job.source, from: .queued, to: .running)
      return ClaimResult(jobs: [claimed], nextDue: nil, aloneWaiting: false)
    }
    return try claimLanes(claim)
  }

  /// A claim in progress.
  struct Claim {
    var request: ClaimRequest
    var worker: Int64
    var rules: FlowRules
    var gates: GateAccounts
    var actor: String { "worker/\(worker)" }
  }

  private func claimLanes(_ claim: Claim) throws -> ClaimResult {
    let request = claim.request
    let mayBeQuarantined = try db.first("SELECT EXISTS (SELECT 1 FROM quarantine)", { $0.bool(0) }) ?? false
    var claimed: [ClaimedJob] = []
    var budget = ClaimBudget(limit: request.limit)
    while budget.isOpen {
      let sources = try readySources(request.scope)
      guard let source = sources.first else { break }
      var turn = budget.turn(among: sources.count)
      for lane in try readyLanes(source: source.key, request.scope) where !turn.isOver && !budget.isSpent {
        let traits = try LaneKey(stored: lane.gates)
        guard let gates = claim.rules.gates(of: lane.place, traits) else {
          budget.spend(try sortOut(lane, rules: claim.rules, limit: budget.rest))
          continue
        }
        let jobs = try db.rows(
          """
          SELECT \(raw: JobRow.columns) FROM jobs INDEXED BY jobs_ready
          WHERE lane_key = \(lane.key) AND state = 'queued' AND reason = 'ready' AND alone = 0
          ORDER BY rank, key LIMIT \(turn.rest)
          """, JobRow.init)
        let before = claimed.count
        var closed: GateLedger.Closure?
        for job in jobs {
          if mayBeQuarantined, try endQuarantined(job, actor: claim.actor) {
            turn.take()
            budget.spend()
            continue
          }
          if !gates.isEmpty, case .closed(let closure) = try claim.gates.take(gates) {
            closed = closure
            break
          }
          turn.take()
          if let one = try take(job, claim, gates: gates, base: lane.base, admitted: traits.step?.step) {
            claimed.append(one)
          }
        }
        budget.start(claimed.count - before)
        try countClaimed(claimed.count - before, source: source.key, lane: lane.key)
        guard let closed else { continue }
        budget.spend()
        try close(
          lane, by: closed.gate, closesSource: closed.closesSource, until: closed.until, version: claim.rules.version)
        if closed.closesSource { break }
      }
      guard let cost = turn.cost(budget) else { break }
      _ = try db.run("UPDATE sources SET virtual_time = virtual_time + \(cost) / weight WHERE key = \(source.key)")
    }
    try claim.gates.store()
    return ClaimResult(jobs: claimed, nextDue: budget.isSpent ? .zero : nil, aloneWaiting: false)
  }

  /// Whether this worker makes room for a job that must run alone: an idle worker does, or else the first worker that
  /// found such a job. The other workers continue with the rest.
  private func drains(_ worker: Int64, idle: Bool) throws -> Bool {
    if idle {
      _ = try db.run("UPDATE flow SET draining_worker = NULL WHERE draining_worker IS NOT NULL")
      return true
    }
    let chosen = try db.first(
      "SELECT draining_worker FROM flow WHERE draining_worker IN (SELECT key FROM workers)", { $0.int64(0) })
    if let chosen { return chosen == worker }
    _ = try db.run("UPDATE flow SET draining_worker = \(worker)")
    return true
  }

  /// Returns the first job in scope that must run alone and that no limit holds back. There are never many such jobs.
  private func firstAlone(
    _ claim: Claim
  ) throws -> (job: JobRow, gates: [Gate], base: Int64?, traits: LaneKey)? {
    let alone = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs INDEXED BY jobs_alone
      WHERE state = 'queued' AND reason = 'ready' AND alone = 1 ORDER BY rank, key LIMIT \(Self.slice)
      """, JobRow.init)
    let scope = claim.request.scope
    for job in alone {
      let lane = try laneRow(job.lane)
      guard scope.sources.isEmpty || scope.sources.contains(lane.sourceName),
        scope.includes(index: lane.index),
        try db.first("SELECT 1 FROM sources WHERE key = \(job.source) AND paused = 1", { _ in true }) == nil
      else { continue }
      var traits = try LaneKey(stored: lane.gates)
      var gates = claim.rules.gates(of: lane.place, traits)
      if gates == nil {
        // The job is older than some limit and waits in no lane, so `sortOut` cannot add the missing keys: read its
        // task.
        let task = try db.first("SELECT task FROM jobs WHERE key = \(job.key)") { $0.text(0) }
        traits.keys = Self.traits(ofTask: task ?? "").values(of: claim.rules.ownKeys)
        gates = claim.rules.gates(of: lane.place, traits)
      }
      let accounts = GateAccounts(self)
      if case .granted = try accounts.take(gates ?? []) { return (job, gates ?? [], lane.base, traits) }
      try accounts.store()
    }
    return nil
  }

  private func readySources(_ scope: WorkScope) throws -> [(key: Int64, name: String)] {
    if scope.isEverything {
      return try db.rows(
        """
        SELECT key, name FROM sources WHERE ready > 0 AND closed = 0 AND paused = 0
        ORDER BY virtual_time, key LIMIT 32
        """
      ) { ($0.int64(0), $0.text(1)) }
    }
    let named = try db.rows(
      "SELECT key, name FROM sources WHERE ready > 0 AND closed = 0 AND paused = 0 ORDER BY virtual_time, key"
    ) { ($0.int64(0), $0.text(1)) }
    return try named.filter { source in
      guard scope.sources.isEmpty || scope.sources.contains(source.1) else { return false }
      return try scope.scopes.isEmpty || !readyLanes(source: source.0, scope).isEmpty
    }
  }

  /// Returns the source's open lanes; the lane whose first job has waited longest comes first.
  private func readyLanes(source: Int64, _ scope: WorkScope) throws -> [LaneRow] {
    let order: SQL = "ORDER BY l.head, l.key LIMIT \(Self.lanes)"
    let open: SQL = """
      SELECT \(raw: LaneRow.columns) FROM \(raw: LaneRow.tables)
      WHERE l.source_key = \(source) AND l.ready > 0 AND l.closed = 0
      """
    guard let indexes = try scope.indexes.map({ try JSONText.encode($0) }) else {
      return try db.rows("\(sql: open) \(sql: order)", LaneRow.init)
    }
    return try db.rows(
      "\(sql: open) AND i.name IN (SELECT value FROM json_each(\(indexes))) \(sql: order)", LaneRow.init)
  }

  /// Updates the counters of a lane and its source once for all jobs that a claim took from the lane.
  private func countClaimed(_ number: Int, source: Int64, lane: Int64) throws {
    guard number > 0 else { return }
    _ = try db.run(
      """
      UPDATE lanes SET ready = ready - \(number), head = (
        SELECT min(rank) FROM jobs INDEXED BY jobs_ready
        WHERE lane_key = \(lane) AND state = 'queued' AND reason = 'ready' AND alone = 0)
      WHERE key = \(lane)
      """)
    _ = try db.run(
      """
      UPDATE sources SET ready = ready - \(number), queued = queued - \(number), running = running + \(number)
      WHERE key = \(source)
      """)
  }

  /// Ends a job whose content is in quarantine.
  /// - Returns: whether it did.
  private func endQuarantined(_ job: JobRow, actor: String) throws -> Bool {
    guard let content = job.content,
      let deaths = try db.first("SELECT deaths FROM quarantine WHERE content = \(content)", { $0.int(0) }),
      Deaths.isQuarantined(deaths)
    else { return false }
    try die(job, of: .quarantined(content), actor: actor)
    return true
  }

  /// Leases one job. The caller updates the counters.
  private func take(
    _ job: JobRow, _ claim: Claim, gates: [Gate], base: Int64? = nil, admitted: String? = nil
  ) throws -> ClaimedJob? {
    let holds = try !gates.isEmpty && claim.gates.hold(gates, for: job.key)
    // In a statement of its own: SQLite updates an index and checks a foreign key in each statement that sets this
    // column.
    if let base { _ = try db.run("UPDATE jobs SET lane_key = \(base) WHERE key = \(job.key)") }
    let claimed = try db.first(
      """
      UPDATE jobs SET state = 'running', reason = NULL, fence = fence + 1, worker_key = \(claim.worker),
        gated = \(holds),
        lease_until = \(uptime + claim.request.lease.microseconds), started_at = coalesce(started_at, \(now.rawValue))
      WHERE key = \(job.key)
      RETURNING fence, task, created_at, (SELECT hash FROM workflows WHERE key = workflow_key), deadline_at,
        EXISTS (SELECT 1 FROM steps WHERE job_key = jobs.key), wake, fatal
      """
    ) { row in
      let claimed = ClaimedJob(
        lease: Lease(
          key: job.key, job: JobID(rawValue: job.id), worker: claim.request.worker, fence: row.int64(0)),
        workflow: ContentHash(rawValue: row.text(3)), task: row.text(1),
        createdAt: Timestamp(rawValue: row.int64(2)), deadline: row.optionalInt64(4).map(Timestamp.init), steps: [],
        alone: job.alone, wake: try row.optionalText(6).map { try JSONText.decode(Wake.self, $0) },
        fatal: try row.optionalText(7).map { try JSONText.decode(FailedAttempt.self, $0) },
        grantedAt: gates.isEmpty ? nil : uptime,
        admittedStep: admitted)
      return (claimed, row.bool(5))
    }
    guard let (fresh, isBegun) = claimed else { return nil }
    var begun = fresh
    if isBegun {
      begun.steps = try db.rows(
        "SELECT step, attempts, result, cursor, degraded FROM steps WHERE job_key = \(job.key) ORDER BY position"
      ) { row in
        StepRecord(
          id: row.text(0), attempts: row.int(1), result: row.optionalText(2), cursor: row.optionalText(3),
          degraded: row.bool(4))
      }
    }
    // The job's row itself shows its first claim, so the journal's index by job leaves that line out.
    try journal(
      begun.lease.fence == 1 ? "claimed" : "claimed-again", actor: claim.actor, job: job.key,
      data: gates.isEmpty ? nil : "\(uptime)")
    return begun
  }

  /// Makes due jobs claimable.
  private func promoteDue() throws {
    let due = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs WHERE due_at <= \(now.rawValue) ORDER BY due_at LIMIT \(Self.slice)
      """, JobRow.init)
    for job in due {
      // Only a wait for a signal can time out.
      if job.state == .waiting { try resume(job, with: .timedOut) } else { try makeReady(job) }
    }
  }

  private func endPastDeadline() throws {
    let late = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE deadline_at <= \(now.rawValue) AND finished_at IS NULL AND state IN ('queued', 'waiting')
      LIMIT \(Self.slice)
      """, JobRow.init)
    for late in late {
      guard let job = try job(late.key), !job.state.isEnd else { continue }
      try endPastDeadline(job)
    }
  }

  /// Ends one job past its deadline, or first queues its on-failure step if it has one.
  private func endPastDeadline(_ job: JobRow) throws {
    let hasLast = try db.first(
      """
      SELECT w.definition ->> '$.onFailure' IS NOT NULL FROM jobs j JOIN workflows w ON w.key = j.workflow_key
      WHERE j.key = \(job.key)
      """
    ) { $0.bool(0) }
    guard hasLast == true, !job.isFailing else { return try die(job, of: .deadlinePassed, actor: "deadline") }
    let fatal = FailedAttempt(position: 0, failure: .deadlinePassed, startedAt: now, finishedAt: now)
    try markFailing(job, of: fatal, actor: "deadline")
    try unready(job)
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = 'scheduled', due_at = \(now.rawValue), waits_below = NULL,
        waits_for = NULL, waits_signal = NULL, waits_children = NULL,
        lane_key = coalesce((SELECT base_key FROM lanes WHERE key = lane_key), lane_key)
      WHERE key = \(job.key)
      """)
    if job.state == .waiting { try count(source: job.source, from: .waiting, to: .queued) }
    try leaveTurn(job)
    // The job left the lane where it was parked: that gate is not its on-failure step's.
    if let job = try self.job(job.key) { try makeReady(job) }
  }

  /// Returns jobs with an expired lease to the queue. The worker may be stopped rather than dead, so nothing counts
  /// against the document.
  private func expireLeases() throws {
    let expired = try db.rows(
      SQL(
        named: "claim.expired-leases",
        """
        SELECT \(raw: JobRow.columns) FROM jobs WHERE state = 'running' AND lease_until <= \(uptime) LIMIT \(Self.slice)
        """), JobRow.init)
    for job in expired { try giveBack(job, died: false, aloneInProcess: false, actor: "lease") }
  }
}
