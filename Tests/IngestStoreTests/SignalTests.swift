import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Signals and approvals")
struct SignalTests {
  @Test("a signal wakes the job that waits for it, with the signal's data and sender", arguments: StoreKind.allCases)
  func wakes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let job = try await fixture.wait(worker)
    #expect(try await fixture.claim(worker).isEmpty)
    #expect(try await fixture.store.job(job.lease.job).state == .waiting)
    #expect(try await fixture.signal(job.lease.job, "other").taken == false)
    let receipt = try await fixture.signal(job.lease.job, "go", "{\"n\":2}")
    #expect(receipt == SignalReceipt(state: .queued, taken: true, name: "go"))
    let woken = try #require(try await fixture.claim(worker).first)
    #expect(woken.wake == .signal(name: "go", data: "{\"n\":2}", actor: "ann", sentAt: fixture.clock.now))
    #expect(woken.steps.first?.cursor == "{\"at\":0}")
    // It belongs to the step that waited, over all tries of that step, and to no other step.
    try await fixture.store.finish(woken.lease, .released, last: nil)
    let again = try #require(try await fixture.claim(worker).first)
    #expect(again.wake == woken.wake)
    try await fixture.store.checkpoint(again.lease, fixture.checkpoint(again, 0))
    try await fixture.store.finish(again.lease, .released, last: nil)
    #expect(try await fixture.claim(worker).first?.wake == nil)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "early signals are kept and taken as soon as a job waits, the oldest first and each once",
    arguments: StoreKind.allCases)
  func early(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try await fixture.submitWaiting("/a")
    for data in ["1", "2"] { #expect(try await fixture.signal(id, "go", data).taken == false) }
    for data in ["1", "2"] {
      let job = try #require(try await fixture.claim(worker).first)
      try await fixture.finishWaiting(job, for: .signal("go", until: nil))
      let woken = try #require(try await fixture.claim(worker).first)
      guard case .signal(_, data, _, _)? = woken.wake else { throw Failure.jobNotFound }
      try await fixture.store.finish(woken.lease, .released, last: nil)
    }
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.finishWaiting(job, for: .signal("go", until: nil))
    #expect(try await fixture.claim(worker).isEmpty)
  }

  @Test(
    "a wait times out at its time, and a later signal does not end it, even if no worker checks until later",
    arguments: StoreKind.allCases)
  func timesOut(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let until = fixture.clock.now + .seconds(60)
    let punctual = try await fixture.wait(worker, for: .signal("go", until: until))
    let late = try await fixture.wait(worker, for: .signal("go", until: until), uri: "/b")
    fixture.clock.advance(by: .seconds(59))
    #expect(try await fixture.claim(worker).isEmpty)
    #expect(try await fixture.signal(punctual.lease.job).taken)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.signal(late.lease.job).taken == false)
    let wakes = try await fixture.claim(worker, limit: 2).map { ($0.lease.job, $0.wake) }
    #expect(wakes.first { $0.0 == late.lease.job }?.1 == .timedOut)
    guard case .signal? = wakes.first(where: { $0.0 == punctual.lease.job })?.1 else { throw Failure.jobNotFound }
    // The late signal is kept for the next wait.
    let again = try #require(try await fixture.claimed(late.lease.job))
    try await fixture.finishWaiting(again, for: .signal("go", until: nil))
    #expect(try await fixture.claim(worker).count == 1)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("exactly one of a signal, a timeout and a cancel ends a wait", arguments: StoreKind.allCases)
  func races(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    var jobs: [JobID] = []
    for number in 0..<60 {
      // For every other job the time is over before a signal or a cancel comes.
      let until = fixture.clock.now + .seconds(number.isMultiple(of: 2) ? 10 : 100)
      jobs.append(try await fixture.wait(worker, for: .signal("go", until: until), uri: "/\(number)").lease.job)
    }
    fixture.clock.advance(by: .seconds(10))
    let taken = try await withThrowingTaskGroup(of: Set<JobID>.self) { group in
      for (number, job) in jobs.enumerated() {
        let signal: @Sendable () async throws -> Set<JobID> = {
          try await fixture.quietly { try await fixture.signal(job).taken } == true ? [job] : []
        }
        let cancel: @Sendable () async throws -> Set<JobID> = {
          _ = try await fixture.store.cancel(job, actor: "test")
          return []
        }
        for act in number % 4 < 2 ? [signal, cancel] : [cancel, signal] { group.addTask { try await act() } }
        if number == 30 {
          group.addTask {
            _ = try await fixture.claim(worker, limit: 100)
            return []
          }
        }
      }
      return try await group.reduce(into: Set<JobID>()) { $0.formUnion($1) }
    }
    #expect(taken.isDisjoint(with: jobs.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)))
    for job in jobs {
      let report = try await fixture.store.job(job)
      // The job was woken and then cancelled in the queue, or claimed and asked to stop; it is never left waiting.
      #expect([.cancelled, .queued, .running].contains(report.state))
      #expect(report.waitsFor == nil)
    }
    #expect(try await fixture.countersAreTrue())
    print("\(taken.count) of 30 signals were taken")
  }

  @Test(
    "a job that has ended or is gone takes no signal, and the sender gets an error that says why",
    arguments: StoreKind.allCases)
  func refuses(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let job = try await fixture.wait(worker).lease.job
    func code(_ body: () async throws -> SignalReceipt) async -> String? {
      do { return "taken: \(try await body().taken)" } catch { return (error as? Failure)?.code }
    }
    #expect(await code { try await fixture.signal(job, "no name") } == "SIGNAL_NAME_INVALID")
    #expect(await code { try await fixture.signal(job, "approval:ask") } == "SIGNAL_NAME_INVALID")
    #expect(await code { try await fixture.signal(job, "go", "{oops") } == "SIGNAL_DATA_INVALID")
    let large = "\"" + String(repeating: "x", count: JobSignal.dataLimit) + "\""
    #expect(await code { try await fixture.signal(job, "go", large) } == "SIGNAL_TOO_LARGE")
    for _ in 0..<JobSignal.keptLimit { _ = try await fixture.signal(job, "other") }
    #expect(await code { try await fixture.signal(job, "other") } == "SIGNALS_FULL")
    _ = try await fixture.store.cancel(job, actor: "test")
    #expect(await code { try await fixture.signal(job) } == "JOB_ENDED")
    let gone = JobID(rawValue: "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    #expect(await code { try await fixture.signal(gone) } == "JOB_NOT_FOUND")
    #expect(
      await code { try await fixture.store.approve(gone, step: nil, approved: true, reason: nil, actor: "ann") }
        == "JOB_NOT_FOUND")
  }

  @Test(
    "an approval is answered when the job asks, or early by its step's name; no other signal counts as one",
    arguments: StoreKind.allCases)
  func approvals(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try await fixture.submitWaiting("/a")
    func approve(_ step: String? = nil, _ approved: Bool = true) async throws -> SignalReceipt {
      try await fixture.store.approve(id, step: step, approved: approved, reason: "because", actor: "ann")
    }
    func code(_ step: String?) async -> String? {
      do { return "taken: \(try await approve(step).taken)" } catch { return (error as? Failure)?.code }
    }
    #expect(await code(nil) == "APPROVAL_NOT_AWAITED")
    #expect(await code("wait") == "APPROVAL_NOT_FOUND")
    #expect(await code("ask") == "taken: false")
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.finishWaiting(job, for: .signal(StepWait.approval("ask"), until: nil))
    let woken = try #require(try await fixture.claim(worker).first)
    guard case .signal("approval:ask", let data, "ann", _)? = woken.wake else { throw Failure.jobNotFound }
    #expect(try TestJSON.decode(ApprovalAnswer.self, data) == ApprovalAnswer(approved: true, reason: "because"))
    try await fixture.finishWaiting(woken, for: .signal(StepWait.approval("ask"), until: nil))
    let report = try await fixture.store.job(id)
    #expect(report.waitsFor?.kind == .approval)
    #expect(report.explanation?.contains("job approve \(id)") == true)
    #expect(try await approve().taken)
    let last = try #require(try await fixture.claim(worker).first)
    try await fixture.store.checkpoint(
      last.lease,
      Checkpoint(
        step: "ask", position: 0, output: StepOutput(), startedAt: fixture.clock.now, finishedAt: fixture.clock.now))
    #expect(await code("ask") == "APPROVAL_DONE")
  }

  @Test(
    "a worker that lost its job can neither make it wait, nor make children, nor mark it as failing",
    arguments: StoreKind.allCases
  )
  func fenced(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let stopped = try await fixture.worker("stopped")
    let next = try await fixture.worker("next")
    _ = try await fixture.submitWaiting("/a")
    let lost = try #require(try await fixture.claim(stopped).first)
    fixture.clock.advance(by: .seconds(31))
    let taken = try #require(try await fixture.claim(next).first)
    await #expect(throws: LeaseLost.self) { try await fixture.finishWaiting(lost, for: .children) }
    await #expect(throws: LeaseLost.self) { try await fixture.make(0..<3, of: lost) }
    await #expect(throws: LeaseLost.self) { try await fixture.store.markFailing(lost.lease, fixture.failed()) }
    let jobs = try await fixture.store.jobs(JobFilter())
    #expect(jobs.count == 1)
    // The next worker continues with its own wait, which also ended the other's lease.
    try await fixture.finishWaiting(taken, for: .signal("go", until: nil))
    await #expect(throws: LeaseLost.self) { try await fixture.finishWaiting(taken, for: .signal("go", until: nil)) }
    #expect(try await fixture.store.job(taken.lease.job).state == .waiting)
  }

  @Test(
    "a redriven job waits again at the step that it died at, and its on-failure step would run again",
    arguments: StoreKind.allCases)
  func redriven(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try await fixture.wait(
      worker, for: .signal("go", until: fixture.clock.now + .seconds(1)), StoreFixture.waiting(onFailure: true)
    ).lease.job
    fixture.clock.advance(by: .seconds(1))
    let woken = try #require(try await fixture.claim(worker).first)
    #expect(woken.wake == .timedOut)
    let fatal = fixture.failed(.permanent, code: "SIGNAL_TIMEOUT")
    try await fixture.store.markFailing(woken.lease, fatal)
    try await fixture.store.finish(woken.lease, .released, last: nil)
    let failing = try #require(try await fixture.claim(worker).first)
    #expect(failing.fatal == fatal)
    #expect(failing.wake == nil)
    let onFailure = Checkpoint(
      step: "tell", position: 3, output: StepOutput(), startedAt: fixture.clock.now, finishedAt: fixture.clock.now)
    try await fixture.store.finish(failing.lease, .dead(fatal), last: onFailure)
    let dead = try await fixture.store.job(id)
    #expect(dead.state == .dead)
    #expect(dead.error == fatal.failure)
    #expect(dead.attempts.count == 1)
    #expect(dead.steps.map(\.state) == [.failed, .pending, .pending, .completed])
    _ = try await fixture.store.redrive(JobFilter(ids: [id]), actor: "test")
    let again = try #require(try await fixture.claim(worker).first)
    #expect(again.fatal == nil)
    #expect(again.wake == nil)
    #expect(again.steps.map(\.id) == ["ask"])
    #expect(again.steps.first?.cursor == nil)
  }

  @Test(
    "a job past its deadline first runs its on-failure step; a failure of that step is added as a cause",
    arguments: StoreKind.allCases)
  func deadline(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try await fixture.wait(worker, StoreFixture.waiting(onFailure: true, deadline: .seconds(60))).lease.job
    fixture.clock.advance(by: .seconds(61))
    let failing = try #require(try await fixture.claim(worker).first)
    #expect(failing.fatal?.failure.code == "DEADLINE_PASSED")
    #expect(failing.deadline == nil)
    var own = fixture.failed(.permanent, code: "TELLING_FAILED")
    own.position = 3
    own.failure.step = "tell"
    try await fixture.store.finish(failing.lease, .dead(own), last: nil)
    let dead = try await fixture.store.job(id)
    #expect(dead.error?.code == "DEADLINE_PASSED")
    #expect(dead.error?.causes.map(\.code) == ["TELLING_FAILED"])
    #expect(dead.attempts.map(\.code) == ["DEADLINE_PASSED", "TELLING_FAILED"])
    #expect(dead.steps.last?.state == .failed)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("the last 64 KiB of the log of each try of a step are kept", arguments: StoreKind.allCases)
  func logs(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.submitWaiting("/a")
    let job = try #require(try await fixture.claim(worker).first)
    for number in 0..<100 {
      let lines = ["line \(number)", String(repeating: "x", count: 2000)]
      try await fixture.store.save(
        job.lease, step: "ask", position: 0, StepSave(progress: StepProgress(done: number, unit: "lines"), log: lines))
    }
    let kept = try await fixture.database.read { db in
      try db.rows("SELECT text, attempt FROM logs ORDER BY key") { ($0.text(0), $0.int(1)) }
    }
    let size = kept.map(\.0.utf8.count).reduce(0, +)
    #expect(size <= 64 * 1024)
    #expect(size > 56 * 1024)
    #expect(kept.last?.0.hasPrefix("line 99\n") == true)
    #expect(kept.allSatisfy { $0.1 == 1 })
  }
}

extension StoreFixture {
  /// Returns the running job as it was claimed.
  func claimed(_ id: JobID) async throws -> ClaimedJob? {
    let row = try await database.read { db in
      try db.first(
        "SELECT j.key, j.fence, w.id FROM jobs j JOIN workers w ON w.key = j.worker_key WHERE j.id = \(id.rawValue)"
      ) { ($0.int64(0), $0.int64(1), WorkerID(rawValue: $0.text(2))) }
    }
    guard let row else { return nil }
    return ClaimedJob(
      lease: Lease(key: row.0, job: id, worker: row.2, fence: row.1), workflow: ContentHash(rawValue: ""), task: "",
      createdAt: clock.now, steps: [], alone: false)
  }

  /// Returns the value, or nil if the store refused.
  func quietly<T>(_ body: () async throws -> T) async throws -> T? {
    do { return try await body() } catch is Failure { return nil }
  }
}

extension Failure {
  fileprivate static let jobNotFound = Failure(.permanent, code: "TEST", "Not as expected.")
}
