package import IngestCore
import IngestSQL

/// The claim: what can start now, found by index, whatever waits.
extension Store {
  package func claim(_ request: ClaimRequest) async throws -> ClaimResult {
    // An idle worker looks before it locks, so that many of them cost one read each.
    if request.idle,
      try await read({ [clock] db in
        try !Self.mayClaim(db, now: clock.now, uptime: clock.uptime)
      })
    {
      return ClaimResult(jobs: [], nextDue: try await nextDue(), aloneWaiting: false)
    }
    let (jobs, alone) = try await write { transition in try transition.claim(request) }
    // The jobs are leased by now: whatever this read meets, they must reach the worker.
    let next = jobs.count < request.limit ? try? await nextDue() : nil
    return ClaimResult(jobs: jobs, nextDue: next, aloneWaiting: alone)
  }

  private static func mayClaim(_ db: Connection, now: Timestamp, uptime: Int64) throws -> Bool {
    try db.first(
      """
      SELECT EXISTS (SELECT 1 FROM sources WHERE ready > 0)
        OR EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND reason = 'ready' AND alone = 1)
      """
    ) { $0.bool(0) } ?? false || mayTidy(db, now: now, uptime: uptime)
  }

  /// Whether jobs are due, late or without a living lease: one look in place of three for most claims.
  fileprivate static func mayTidy(_ db: Connection, now: Timestamp, uptime: Int64) throws -> Bool {
    try db.first(
      """
      SELECT EXISTS (SELECT 1 FROM jobs WHERE due_at <= \(now.rawValue))
        OR EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND lease_until <= \(uptime))
        OR EXISTS (SELECT 1 FROM jobs WHERE deadline_at <= \(now.rawValue) AND finished_at IS NULL)
      """
    ) { $0.bool(0) } ?? false
  }

  private func nextDue() async throws -> Duration? {
    try await read { [clock] db in
      let due = try db.first("SELECT min(due_at) FROM jobs WHERE due_at IS NOT NULL") { $0.optionalInt64(0) } ?? nil
      let lease =
        try db.first("SELECT min(lease_until) FROM jobs WHERE state = 'running'") { $0.optionalInt64(0) } ?? nil
      let waits = [due.map { $0 - clock.now.rawValue }, lease.map { $0 - clock.uptime }].compactMap { $0 }
      return waits.min().map { .microseconds(max(0, $0)) }
    }
  }
}

extension Transition {
  /// How many rows of each kind one claim tidies at most: no member of a group may take long.
  private static let slice = 64

  func claim(_ request: ClaimRequest) throws -> (jobs: [ClaimedJob], aloneWaiting: Bool) {
    guard let worker = try db.first("SELECT key FROM workers WHERE id = \(request.worker.rawValue)", { $0.int64(0) })
    else { throw Failure.workerUnknown(request.worker) }
    if try Store.mayTidy(db, now: now, uptime: uptime) {
      try promoteDue()
      try endPastDeadline()
      try expireLeases()
    }
    let actor = "worker/\(worker)"
    if let alone = try firstAlone(request.scope) {
      guard request.idle, let claimed = try take(alone, worker: worker, request: request, actor: actor) else {
        return ([], true)
      }
      try count(source: alone.source, from: .queued, to: .running)
      return ([claimed], false)
    }
    let mayBeQuarantined = try db.first("SELECT EXISTS (SELECT 1 FROM quarantine)", { $0.bool(0) }) ?? false
    var claimed: [ClaimedJob] = []
    var ended = 0
    while claimed.count < request.limit, ended < Self.slice {
      let sources = try readySources(request.scope)
      guard let source = sources.first else { break }
      // A share each, so that the sources take turns within one claim as they do between claims.
      let share = max(1, (request.limit - claimed.count) / sources.count)
      let lanes = try readyLanes(source: source.key, request.scope)
      var taken = 0
      for lane in lanes where taken < share {
        let jobs = try db.rows(
          """
          SELECT \(raw: JobRow.columns) FROM jobs INDEXED BY jobs_ready
          WHERE lane_key = \(lane) AND state = 'queued' AND reason = 'ready' AND alone = 0
          ORDER BY rank, key LIMIT \(share - taken)
          """, JobRow.init)
        taken += jobs.count
        let before = claimed.count
        for job in jobs {
          if mayBeQuarantined, try endQuarantined(job, actor: actor) {
            ended += 1
            continue
          }
          if let one = try take(job, worker: worker, request: request, actor: actor) { claimed.append(one) }
        }
        try countClaimed(claimed.count - before, source: source.key, lane: lane)
      }
      guard taken > 0 else { break }
      _ = try db.run(
        "UPDATE sources SET virtual_time = virtual_time + \(Double(taken)) / weight WHERE key = \(source.key)")
    }
    return (claimed, false)
  }

  /// The first job in scope that must run alone; there are never many.
  private func firstAlone(_ scope: WorkScope) throws -> JobRow? {
    let alone = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs INDEXED BY jobs_alone
      WHERE state = 'queued' AND reason = 'ready' AND alone = 1 ORDER BY rank, key LIMIT \(Self.slice)
      """, JobRow.init)
    if scope.sources.isEmpty && scope.indexes.isEmpty { return alone.first }
    return try alone.first { job in
      let names = try db.first(
        """
        SELECT s.name, i.name FROM sources s, generations g JOIN indexes i ON i.key = g.index_key
        WHERE s.key = \(job.source) AND g.key = \(job.generation)
        """
      ) { ($0.text(0), $0.text(1)) }
      guard let (source, index) = names else { return false }
      return (scope.sources.isEmpty || scope.sources.contains(source))
        && (scope.indexes.isEmpty || scope.indexes.contains(index))
    }
  }

  private func readySources(_ scope: WorkScope) throws -> [(key: Int64, name: String)] {
    if scope.sources.isEmpty && scope.indexes.isEmpty {
      return try db.rows(
        "SELECT key, name FROM sources WHERE ready > 0 ORDER BY virtual_time, key LIMIT 32"
      ) { ($0.int64(0), $0.text(1)) }
    }
    let named = try db.rows(
      "SELECT key, name FROM sources WHERE ready > 0 ORDER BY virtual_time, key"
    ) { ($0.int64(0), $0.text(1)) }
    return try named.filter { source in
      guard scope.sources.isEmpty || scope.sources.contains(source.1) else { return false }
      return try scope.indexes.isEmpty || !readyLanes(source: source.0, scope).isEmpty
    }
  }

  /// The source's lanes, the one whose first job has waited longest first.
  private func readyLanes(source: Int64, _ scope: WorkScope) throws -> [Int64] {
    let lanes = try db.rows(
      """
      SELECT l.key, i.name, (SELECT min(j.rank) FROM jobs j INDEXED BY jobs_ready
        WHERE j.lane_key = l.key AND j.state = 'queued' AND j.reason = 'ready' AND j.alone = 0)
      FROM lanes l JOIN generations g ON g.key = l.generation_key JOIN indexes i ON i.key = g.index_key
      WHERE l.source_key = \(source) AND l.ready > 0
      """
    ) { ($0.int64(0), $0.text(1), $0.optionalInt64(2) ?? .max) }
    return lanes.filter { scope.indexes.isEmpty || scope.indexes.contains($0.1) }
      .sorted { ($0.2, $0.0) < ($1.2, $1.0) }.map(\.0)
  }

  /// Moves jobs of one lane between the counters: once for all that a claim took, since the rows are the same.
  private func countClaimed(_ number: Int, source: Int64, lane: Int64) throws {
    guard number > 0 else { return }
    _ = try db.run("UPDATE lanes SET ready = ready - \(number) WHERE key = \(lane)")
    _ = try db.run(
      """
      UPDATE sources SET ready = ready - \(number), queued = queued - \(number), running = running + \(number)
      WHERE key = \(source)
      """)
  }

  /// - Returns: whether the job's content is in quarantine: then it has ended here.
  private func endQuarantined(_ job: JobRow, actor: String) throws -> Bool {
    guard let content = job.content,
      let deaths = try db.first("SELECT deaths FROM quarantine WHERE content = \(content)", { $0.int(0) }),
      deaths >= Self.deathsToQuarantine
    else { return false }
    try die(job, of: .quarantined(content), actor: actor)
    return true
  }

  /// Leases one job. The counters are the caller's.
  private func take(_ job: JobRow, worker: Int64, request: ClaimRequest, actor: String) throws -> ClaimedJob? {
    let claimed = try db.first(
      """
      UPDATE jobs SET state = 'running', reason = NULL, fence = fence + 1, worker_key = \(worker),
        lease_until = \(uptime + request.lease.microseconds), started_at = coalesce(started_at, \(now.rawValue))
      WHERE key = \(job.key)
      RETURNING fence, task, created_at, (SELECT hash FROM workflows WHERE key = workflow_key), deadline_at,
        EXISTS (SELECT 1 FROM steps WHERE job_key = jobs.key)
      """
    ) { row in
      let claimed = ClaimedJob(
        lease: Lease(
          key: job.key, job: JobID(rawValue: job.id), worker: request.worker, fence: row.int64(0)),
        workflow: ContentHash(rawValue: row.text(3)), task: row.text(1),
        createdAt: Timestamp(rawValue: row.int64(2)), deadline: row.optionalInt64(4).map(Timestamp.init), steps: [],
        alone: job.alone)
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
    try journal("claimed", actor: actor, job: job.key)
    return begun
  }

  /// Jobs whose time has come join those that can start.
  private func promoteDue() throws {
    let due = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs WHERE due_at <= \(now.rawValue) ORDER BY due_at LIMIT \(Self.slice)
      """, JobRow.init)
    for job in due { try makeReady(job) }
  }

  private func endPastDeadline() throws {
    let late = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE deadline_at <= \(now.rawValue) AND finished_at IS NULL AND state IN ('queued', 'waiting')
      LIMIT \(Self.slice)
      """, JobRow.init)
    for job in late { try die(job, of: .deadlinePassed, actor: "deadline") }
  }

  /// A lease that ran out gives its job back; the worker may be stopped rather than dead, so nothing counts against the
  /// document.
  private func expireLeases() throws {
    let expired = try db.rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs WHERE state = 'running' AND lease_until <= \(uptime) LIMIT \(Self.slice)
      """, JobRow.init)
    for job in expired { try giveBack(job, died: false, aloneInProcess: false, actor: "lease") }
  }
}
