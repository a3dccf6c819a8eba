import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Several workers and an operator that do random actions to jobs, in any order. The test checks the state that they
/// leave.
struct FlowModel {
  private struct Run {
    var job: ClaimedJob
    var worker: Int
    var hasAsked = false
  }

  private static let dependency = "embed:openai:model@host"
  private let base: StoreFixture
  private var clock: ManualClock
  private var store: Store
  private var random: SplitMix
  private var runs: [Run] = []
  /// Names of the workers, replaced when one dies.
  private var workers: [WorkerID] = []
  private var names = 0
  /// Every job that was ever claimed or submitted.
  private var jobs: [JobID] = []
  private var boots = 1

  init(_ kind: StoreKind, seed: UInt64) async throws {
    base = try await StoreFixture(kind)
    clock = base.clock
    store = base.store
    random = SplitMix(seed: seed)
    for _ in 0..<3 { try await register(at: workers.count) }
    let call = DependencyCall(dependency: Self.dependency, provider: "p")
    await store.leave(try await store.enter(call), DependencyCallEnd(outcome: .answered))
    _ = try await store.openGeneration(
      index: "docs", spec: StoreFixture.spec, reindex: StoreFixture.workflow("reindex", steps: 1), actor: "test")
  }

  private mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
  private mutating func chance(_ percent: Int) -> Bool { pick(100) < percent }

  private mutating func register(at place: Int) async throws {
    names += 1
    let id = WorkerID(rawValue: "worker-\(names)")
    try await store.register(
      WorkerRegistration(
        id: id, process: 1, host: "here", bootID: clock.bootID, liveness: LivenessToken(rawValue: "x"), concurrency: 8))
    if place < workers.count { workers[place] = id } else { workers.append(id) }
  }

  // MARK: Random actions

  /// Does one random action. - Throws: an error that users must never see.
  mutating func step() async throws {
    do {
      switch pick(100) {
      case 0..<14: try await submit()
      case 14..<45: try await claim(by: pick(workers.count))
      case 45..<72: if !runs.isEmpty { try await end(pick(runs.count)) }
      case 72..<75: if !jobs.isEmpty { _ = try await store.cancel(jobs[pick(jobs.count)], actor: "test") }
      case 75..<78: try await act()
      case 78..<82: try await limit()
      case 82..<84: try await pause()
      case 84..<91: clock.advance(by: .milliseconds(chance(20) ? 100_000 + pick(4_000_000) : pick(5000)))
      case 91..<93: for _ in 0..<(1 + pick(2)) { try await die(pick(workers.count)) }
      case 93..<95:
        if !jobs.isEmpty {
          _ = try await store.signal(jobs[pick(jobs.count)], name: "go", data: "1", actor: "test")
        }
      case 95..<97: try await turnBreaker()
      case 97: try await renew()
      case 98: if chance(30) { try await reboot() }
      default: _ = try await store.prune(try Retention(completed: .seconds(2000), cancelled: .seconds(1000)))
      }
    } catch is LeaseLost {
    } catch let failure as Failure {
      // A refusal that a user can get is fine; an error from SQLite is a fault.
      guard !failure.code.hasPrefix("DATABASE") else { throw failure }
    }
  }

  private mutating func submit() async throws {
    let workflow: PinnedWorkflow
    switch pick(8) {
    case 0: workflow = Self.singleton(.cancel)
    case 1: workflow = Self.singleton(.skip)
    case 2, 3: workflow = StoreFixture.waiting(onFailure: chance(50), deadline: chance(30) ? .seconds(300) : nil)
    default: workflow = StoreFixture.workflow()
    }
    var request = StoreFixture.request(
      "/\(pick(14))", "text \(pick(40))", source: ["a", "b", "c"][pick(3)], workflow: workflow, priority: pick(5),
      notBefore: chance(15) ? clock.now + .seconds(pick(200)) : nil)
    if chance(80) { request.meta = ["tenant": "\(pick(4))"] }
    if chance(10) { request.debounce = Debounce(period: .seconds(5), longest: .seconds(60)) }
    if let job = try await store.submit(request).job { jobs.append(job) }
  }

  private static func singleton(_ mode: Singleton.Mode) -> PinnedWorkflow {
    let definition = WorkflowDefinition(
      name: "single-\(mode)", steps: [StepDefinition(id: "step-0", uses: "noop")],
      singleton: Singleton(key: .tenant, mode: mode))
    return PinnedWorkflow(version: ContentHash(rawValue: "single-\(mode)"), definition: definition)
  }

  /// - Returns: the time until something may be due.
  @discardableResult
  private mutating func claim(by worker: Int, limit: Int? = nil) async throws -> Duration? {
    let own = runs.filter { $0.worker == worker }
    if own.contains(where: \.job.alone) { return nil }
    let limit = limit ?? pick(4) + 1
    let claim = try await store.claim(
      ClaimRequest(
        worker: workers[worker], limit: limit, scope: WorkScope(), lease: .seconds(60), idle: own.isEmpty))
    #expect(claim.jobs.count <= limit)
    if claim.jobs.contains(where: \.alone) { #expect(claim.jobs.count == 1 && own.isEmpty) }
    for job in claim.jobs {
      runs.removeAll { $0.job.lease.job == job.lease.job }
      runs.append(Run(job: job, worker: worker))
      if !jobs.contains(job.lease.job) { jobs.append(job.lease.job) }
    }
    return claim.nextDue
  }

  private mutating func end(_ place: Int) async throws {
    var run = runs[place]
    let job = run.job
    let gates = StepGates(
      workflow: "ingest", step: "step-0", throttle: chance(50) ? try RateSpec("30/m") : nil, concurrency: 2)
    if !run.hasAsked, job.admittedStep == nil, chance(30) {
      run.hasAsked = true
      runs[place] = run
      if case .granted = try await store.admit(job.lease, gates) { return }
      runs.remove(at: place)
      return try await store.finish(job.lease, .parked(gates), last: nil)
    }
    if chance(10) { return try await store.checkpoint(job.lease, base.checkpoint(job, 0)) }
    let hasChildren = try await hasOpenChildren(job)
    if !hasChildren, job.fatal == nil, !job.task.isEmpty, chance(12) {
      try await base.store(store, make: 0..<(1 + pick(6)), of: job, parallel: chance(60) ? 1 + pick(2) : nil)
      return
    }
    runs.remove(at: place)
    if let fatal = job.fatal { return try await store.finish(job.lease, .dead(fatal), last: nil) }
    switch pick(14) {
    case 0:
      let attempt = base.failed()
      try await store.finish(
        job.lease, .retry(attempt, after: .seconds(pick(30)), spends: true, reason: .retrying), last: nil)
    case 1: try await store.finish(job.lease, .dead(base.failed(.permanent)), last: nil)
    case 2: try await store.finish(job.lease, .released, last: nil)
    case 3: try await store.finish(job.lease, .cancelled, last: nil)
    case 4:
      let until = chance(50) ? clock.now + .seconds(pick(100)) : nil
      try await wait(job, .signal("go", until: until))
    case 5: try await wait(job, .until(clock.now + .seconds(pick(100))))
    case 6: try await wait(job, .children)
    case 7, 8:
      var failure = Failure(.unavailable, code: "BREAKER_OPEN", "It is open.").during(step: "step-0", attempt: 1)
      failure.dependency = Self.dependency
      let attempt = FailedAttempt(position: 0, failure: failure, startedAt: clock.now, finishedAt: clock.now)
      try await store.finish(
        job.lease, .retry(attempt, after: .seconds(pick(60)), spends: false, reason: .breakerOpen), last: nil)
    case 9:
      try await store.markFailing(job.lease, base.failed(.permanent))
      try await store.finish(job.lease, .released, last: nil)
    default:
      // A `foreach` step cannot end before its children.
      try await hasChildren ? wait(job, .children) : complete(job)
    }
  }

  private func wait(_ job: ClaimedJob, _ wait: StepWait) async throws {
    try await store.finish(job.lease, .waits(wait, step: "ask", position: 0, cursor: "1"), last: nil)
  }

  private func complete(_ job: ClaimedJob) async throws {
    let isReindex = job.task.contains("\"generation\"") && !job.task.contains("\"uri\"")
    if isReindex, job.steps.isEmpty {
      return try await store.finish(job.lease, .gathers, last: base.checkpoint(job, 0))
    }
    try await store.finish(job.lease, .completed, last: base.checkpoint(job, 0))
  }

  private func hasOpenChildren(_ job: ClaimedJob) async throws -> Bool {
    try await base.database.read { db in
      try db.first("SELECT 1 FROM child_groups WHERE parent_key = \(job.lease.key) AND open > 0") { _ in true } ?? false
    }
  }

  private mutating func act() async throws {
    let filter = JobFilter(limit: 1 + pick(10))
    switch pick(4) {
    case 0: _ = try await store.act(.redrive(RedriveOptions()), on: filter, dryRun: false, actor: "test")
    case 1:
      let options = RedriveOptions(rate: try RateSpec("10/m"))
      _ = try await store.act(.redrive(options), on: filter, dryRun: false, actor: "test")
    case 2: _ = try await store.act(.replay(ReplayOptions()), on: filter, dryRun: false, actor: "test")
    default: _ = try await store.act(chance(30) ? .purge : .retry, on: filter, dryRun: false, actor: "test")
    }
  }

  private mutating func limit() async throws {
    if chance(25) {
      return try await store.setLimits(store.limits().map { .lift($0.id) }, actor: "test")
    }
    let key: LimitKey = [.source, .tenant, .workflow, .index, .document][pick(5)]
    let limit: Limit =
      switch pick(4) {
      case 0: try .concurrency(1 + pick(3), per: key)
      case 1: try .throttle("\(1 + pick(20))/m burst \(pick(3))", per: key)
      case 2: try .throttle("\(1 + pick(20))/m", per: key, counting: .steps)
      default: try chance(30) ? .throttle("2/h", per: key) : .throttle("100/m burst 5", per: key)
      }
    try await store.setLimits([chance(60) ? .set(limit) : .lift(limit.id)], actor: "test")
  }

  private mutating func pause() async throws {
    let scope: PauseScope = [.everything, .source("a"), .source("b"), .workflow("ingest")][pick(4)]
    _ = try await chance(25) ? store.pause(scope, actor: "test") : store.resume(scope, actor: "test")
  }

  private mutating func turnBreaker() async throws {
    switch pick(3) {
    case 0 where chance(50):
      _ = try await store.openBreaker(Self.dependency, for: chance(50) ? .seconds(60) : nil, actor: "test")
    case 0, 1: _ = try await store.resetBreakers([Self.dependency], actor: "test")
    default:
      let permit = try await store.enter(DependencyCall(dependency: Self.dependency, provider: "p"))
      let outcome: BreakerOutcome = chance(50) ? .answered : .failed(code: "HTTP_503")
      await store.leave(permit, DependencyCallEnd(outcome: outcome))
    }
  }

  private mutating func die(_ worker: Int) async throws {
    _ = try await store.reclaim(dead: workers[worker])
    // Half of them do not know that they are dead: the store must refuse their later writes.
    if chance(50) { runs.removeAll { $0.worker == worker } }
    for place in runs.indices where runs[place].worker == worker { runs[place].worker = -1 }
    try await register(at: worker)
  }

  private mutating func renew() async throws {
    for (place, id) in workers.enumerated() {
      let leases = runs.filter { $0.worker == place }.map(\.job.lease)
      let report = try await store.renew(id, leases: leases, for: .seconds(60))
      runs.removeAll { run in report.lost.contains { $0.job == run.job.lease.job } }
    }
  }

  private mutating func reboot() async throws {
    boots += 1
    let next = ManualClock(start: clock.now, bootID: "boot-\(boots)")
    next.advance(by: .seconds(pick(100)))
    clock = next
    runs = []
    store = Store(
      database: base.database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    for place in workers.indices { try await register(at: place) }
  }

  // MARK: Invariants

  func isTrue() async throws -> Bool {
    let counters = try await base.countersAreTrue()
    let childGroups = try await base.database.read { db in
      // Purged children are counted but have no row.
      try db.first(
        """
        SELECT count(*) FROM child_groups f WHERE
          f.open <> (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND finished_at IS NULL)
          OR f.held <> (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND state = 'queued' AND reason = 'after-previous')
          OR f.dead < (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND state = 'dead')
        """
      ) { $0.int(0) }
    }
    return counters && childGroups == 0
  }

  /// Lifts limits, pauses and breakers, sends signals and approvals, and runs every job to its end.
  /// - Returns: the jobs that are still open.
  mutating func finishEverything() async throws -> [String] {
    for entry in try await store.limits() { try await store.setLimits([.lift(entry.id)], actor: "test") }
    let scopes: [PauseScope] = [.everything, .source("a"), .source("b"), .workflow("ingest")]
    for scope in scopes { _ = try? await store.resume(scope, actor: "test") }
    _ = try await store.resetBreakers([Self.dependency], actor: "test")
    for place in workers.indices { _ = try await store.reclaim(dead: workers[place]) }
    runs = []
    try await register(at: 0)
    for _ in 0..<2000 {
      let next = try await claim(by: 0, limit: 8)
      if runs.isEmpty {
        // The claim returned when the next thing is due.
        if try await answer() { continue }
        guard let next else { break }
        clock.advance(by: max(next, .microseconds(1)))
      }
      for run in runs {
        do {
          if let fatal = run.job.fatal {
            try await store.finish(run.job.lease, .dead(fatal), last: nil)
          } else if try await hasOpenChildren(run.job) {
            try await base.store(store, make: 0..<6, of: run.job, parallel: 2)
            try await wait(run.job, .children)
          } else {
            try await complete(run.job)
          }
        } catch is LeaseLost {}
      }
      runs = []
    }
    return try await base.database.read { db in
      try db.rows(
        """
        SELECT j.id || ' ' || j.state || ' ' || coalesce(j.reason, '') || ' lane ' || j.lane_key || l.gates || ' closed '
          || l.closed || ' by ' || coalesce(l.closed_by, '-') || ' parent ' || coalesce(j.parent_key, '-')
          || ' alone ' || j.alone || ' below ' || coalesce(j.waits_below, '-') || ' signal ' || coalesce(waits_signal, '-')
          || ' children ' || coalesce(waits_children, '-')
        FROM jobs j JOIN lanes l ON l.key = j.lane_key WHERE finished_at IS NULL LIMIT 5
        """
      ) { $0.text(0) }
    }
  }

  /// Sends the signals that jobs wait for. - Returns: whether a job waited for one.
  private func answer() async throws -> Bool {
    let waiting = try await base.database.read { db in
      try db.rows("SELECT id FROM jobs WHERE state = 'waiting' AND waits_signal IS NOT NULL") {
        JobID(rawValue: $0.text(0))
      }
    }
    for job in waiting { _ = try await store.signal(job, name: "go", data: "1", actor: "test") }
    return !waiting.isEmpty
  }
}

extension StoreFixture {
  /// Makes children of the job's first step through another store of the same database.
  fileprivate func store(_ store: Store, make positions: Range<Int>, of job: ClaimedJob, parallel: Int?) async throws {
    let children = positions.map { ChildJob(position: $0, workflow: Self.workflow("child"), task: "") }
    try await store.save(
      job.lease, step: "ask", position: 0,
      StepSave(
        progress: StepProgress(done: positions.upperBound, unit: "children"),
        children: ChildBatch(jobs: children, parallel: parallel)))
  }
}
