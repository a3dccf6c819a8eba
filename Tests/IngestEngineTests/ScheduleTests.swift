import IngestCore
import IngestEngine
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Schedules")
struct ScheduleTests {
  @Test(
    "three workers fire each second of a minute exactly once, while clocks change for summer time and one worker dies",
    arguments: ["2026-03-29T00:59:30Z", "2026-10-25T00:59:30Z"])
  func eachTickOnce(start: String) async throws {
    let fixture = try await ScheduleFixture(at: start)
    try await fixture.add("seconds", "* * * * * *", zone: ScheduleFixture.berlin, overlap: .allow)
    var schedulers = try (0..<3).map { _ in fixture.scheduler(try fixture.other()) }
    for second in 1...60 {
      fixture.clock.advance(by: .seconds(1))
      // One worker dies, none runs for three seconds, and then another one starts.
      if second == 20 { schedulers.removeLast() }
      if (30...32).contains(second) { continue }
      if second == 40 { schedulers.append(fixture.scheduler(try fixture.other())) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for scheduler in schedulers { group.addTask { _ = try await scheduler.pass() } }
        try await group.waitForAll()
      }
    }
    let fired = try await fixture.ticks("fired")
    let first = try #require(Timestamp(start))
    #expect(fired == (1...60).map { "\(first + .seconds($0))" })
    let jobs = try await fixture.store.jobs(JobFilter(limit: 1000))
    #expect(jobs.count == 60)
    #expect(Set(jobs.map(\.job)).count == 60)
  }

  @Test("a decision based on an older state of the schedule changes nothing")
  func staleDecision() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add()
    try await fixture.pass()
    fixture.clock.advance(by: .seconds(10))
    let record = try await fixture.store.schedule("job")
    let tick = ScheduleDecision.Tick(at: fixture.clock.now, startAt: fixture.clock.now)
    let firing = ScheduleFiring(
      name: "job", version: record.version, ticks: [tick], last: tick.at, missed: nil, next: nil,
      workflow: ScheduleFixture.workflow, failure: nil)
    let first = try await fixture.store.fire(firing)
    #expect(first?.started.count == 1)
    let second = try await fixture.store.fire(firing)
    #expect(second == nil)
    #expect(try await fixture.ticks("fired").count == 1)
  }

  @Test("a scheduled job carries its task, belongs to no document, and is the schedule's last run")
  func job() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add()
    let started = try await fixture.pass(after: .seconds(10))
    let worker = try await fixture.base.worker()
    let job = try await fixture.claim(worker)
    #expect(started == [job.lease.job])
    #expect(job.task == #"{"days":7}"#)
    #expect(job.workflow == ScheduleFixture.workflow.version)
    let record = try await fixture.store.schedule("job")
    #expect(record.lastJob == job.lease.job)
    #expect(record.lastState == .running)
    #expect((record.fired, record.running) == (1, 1))
    try await fixture.end(job)
    #expect(try await fixture.store.schedule("job").running == 0)
  }

  @Test("skip drops ticks while a run is open, and fires again when the run has ended")
  func skip() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add()
    try await fixture.pass(after: .seconds(10))
    for _ in 0..<3 { try await fixture.pass(after: .seconds(10)) }
    let worker = try await fixture.base.worker()
    try await fixture.end(try await fixture.claim(worker))
    try await fixture.pass(after: .seconds(10))
    let record = try await fixture.store.schedule("job")
    #expect((record.fired, record.skipped) == (2, 3))
    #expect(try await fixture.ticks("skipped").count == 3)
  }

  @Test("queue-one keeps one tick and starts it as soon as the run before it ends, without waiting for the clock")
  func queueOne() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .queueOne)
    for _ in 0..<3 { try await fixture.pass(after: .seconds(10)) }
    var record = try await fixture.store.schedule("job")
    #expect((record.fired, record.skipped, record.running) == (1, 1, 1))
    #expect(record.queued == fixture.clock.now + .seconds(-10))
    let worker = try await fixture.base.worker()
    let job = try await fixture.claim(worker)
    try await fixture.pass()
    #expect(try await fixture.store.schedule("job").fired == 1)
    try await fixture.end(job)
    let due = try await fixture.store.dueSchedules(limit: 10)
    #expect(due.next == fixture.clock.now)
    let started = try await fixture.pass()
    #expect(started.count == 1)
    record = try await fixture.store.schedule("job")
    #expect((record.fired, record.queued) == (2, nil))
  }

  @Test("queue-one also continues when the run before it is cancelled or dies")
  func queueAfterOtherEnds() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .queueOne)
    let worker = try await fixture.base.worker()
    let first = try await fixture.pass(after: .seconds(10))
    try await fixture.pass(after: .seconds(10))
    _ = try await fixture.store.cancel(try #require(first.first), actor: "test")
    let second = try await fixture.pass()
    #expect(second.count == 1)
    try await fixture.pass(after: .seconds(10))
    let failure = Failure(.permanent, code: "BROKEN", "It broke.")
    try await fixture.end(
      try await fixture.claim(worker),
      .dead(FailedAttempt(position: 0, failure: failure, startedAt: fixture.clock.now, finishedAt: fixture.clock.now)))
    let third = try await fixture.pass()
    #expect(third.count == 1)
  }

  @Test("allow starts runs side by side")
  func allow() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .allow)
    for _ in 0..<3 { try await fixture.pass(after: .seconds(10)) }
    let record = try await fixture.store.schedule("job")
    #expect((record.fired, record.running) == (3, 3))
  }

  @Test("cancel-previous cancels runs that have not started, and starts after the running one has stopped")
  func cancelPrevious() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .cancelPrevious)
    let first = try #require(try await fixture.pass(after: .seconds(10)).first)
    let second = try #require(try await fixture.pass(after: .seconds(10)).first)
    let ended = try await fixture.store.job(first)
    #expect((ended.state, ended.reason) == (.cancelled, "schedule"))
    let worker = try await fixture.base.worker()
    let running = try await fixture.claim(worker)
    #expect(running.lease.job == second)
    #expect(try await fixture.pass(after: .seconds(10)).isEmpty)
    #expect(try await fixture.pass(after: .seconds(10)).isEmpty)
    #expect(try await fixture.store.cancellations(worker) == [running.lease])
    let asked = try await fixture.base.database.read { db in
      try db.first("SELECT count(*) FROM journal WHERE kind = 'cancel-requested'") { $0.int(0) }
    }
    #expect(asked == 1)
    try await fixture.end(running, .cancelled)
    let stopped = try await fixture.store.job(second)
    #expect((stopped.state, stopped.reason) == (.cancelled, "schedule"))
    #expect(try await fixture.pass().count == 1)
    let record = try await fixture.store.schedule("job")
    #expect((record.fired, record.skipped, record.running) == (3, 1, 1))
  }

  @Test("ticks that were missed within the catch-up window are fired late; older ones are recorded as missed")
  func catchUp() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add("job", "*/10 * * * *", overlap: .allow, catchUp: .seconds(1800))
    let started = try await fixture.pass(after: .seconds(3 * 3600 + 60))
    // It is now 15:01, so the ticks are 14:40, 14:50 and 15:00.
    #expect(started.count == 3)
    #expect(
      try await fixture.ticks("fired") == [
        "2026-06-01T14:40:00.000Z", "2026-06-01T14:50:00.000Z", "2026-06-01T15:00:00.000Z",
      ])
    #expect(try await fixture.ticks("missed") == ["2026-06-01T12:10:00.000Z"])
    #expect(try await fixture.store.schedule("job").missed == Timestamp("2026-06-01T12:10:00Z"))
  }

  @Test("more ticks than one transaction can fire are fired in the next pass, each once")
  func manyTicks() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add("job", "* * * * * *", overlap: .allow)
    fixture.clock.advance(by: .seconds(250))
    for _ in 0..<3 { _ = try await fixture.scheduler().pass() }
    #expect(Set(try await fixture.ticks("fired")).count == 250)
    #expect(try await fixture.store.schedule("job").fired == 250)
  }

  @Test("jitter delays the start by less than its setting, by the same time for every worker")
  func jitter() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .allow, jitter: .seconds(30))
    var delays: Set<Int64> = []
    for _ in 0..<20 {
      let id = try #require(try await fixture.pass(after: .seconds(10)).first)
      let job = try await fixture.store.job(id)
      let delay = (job.nextAt ?? fixture.clock.now) - fixture.clock.now
      #expect(delay >= .zero && delay < .seconds(30))
      delays.insert(delay.microseconds)
    }
    #expect(delays.count > 10)
  }

  @Test("a paused schedule fires nothing, and does not catch up on the ticks during the pause")
  func pause() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .allow)
    #expect(try await fixture.store.pauseSchedule("job", actor: "test"))
    #expect(try await !fixture.store.pauseSchedule("job", actor: "test"))
    #expect(try await fixture.pass(after: .seconds(35)).isEmpty)
    #expect(try await fixture.store.resumeSchedule("job", actor: "test"))
    #expect(try await fixture.pass().isEmpty)
    #expect(try await fixture.pass(after: .seconds(5)).count == 1)
    #expect(try await fixture.ticks("fired") == ["2026-06-01T12:00:40.000Z"])
  }

  @Test("a paused schedule is never due, and a decision made just before the pause starts nothing")
  func pauseInTheStore() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add()
    _ = try await fixture.store.pauseSchedule("job", actor: "test")
    fixture.clock.advance(by: .seconds(10))
    let due = try await fixture.store.dueSchedules(limit: 10)
    #expect(due.due.isEmpty)
    #expect(due.next == nil)
    let record = try await fixture.store.schedule("job")
    let tick = ScheduleDecision.Tick(at: fixture.clock.now, startAt: fixture.clock.now)
    let fired = try await fixture.store.fire(
      ScheduleFiring(
        name: "job", version: record.version, ticks: [tick], last: tick.at, missed: nil, next: nil,
        workflow: ScheduleFixture.workflow, failure: nil))
    #expect(fired == nil)
  }

  @Test("a tick whose run ended during a worker's decision is checked again at once")
  func endedMeanwhile() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .queueOne)
    for _ in 0..<2 { try await fixture.pass(after: .seconds(10)) }
    let record = try await fixture.store.schedule("job")
    let worker = try await fixture.base.worker()
    try await fixture.end(try await fixture.claim(worker))
    // The decision saw the run still open, so it carries no workflow.
    _ = try await fixture.store.fire(
      ScheduleFiring(
        name: "job", version: record.version, ticks: [], last: record.last, missed: nil, next: record.next,
        workflow: nil, failure: nil))
    #expect(try await fixture.store.dueSchedules(limit: 1).next == fixture.clock.now)
    #expect(try await fixture.pass().count == 1)
  }

  @Test("a configured schedule whose times change starts over, and has nothing to catch up")
  func otherTimes() async throws {
    let fixture = try await ScheduleFixture()
    func configure(_ timing: String) async throws {
      try await fixture.store.configureSchedules(
        ["a": ScheduleSpec(timing: timing, catchUp: .seconds(3600), run: ScheduledRun(workflow: "report"))],
        actor: "test")
    }
    try await configure("every 10m")
    try await fixture.pass()
    fixture.clock.advance(by: .seconds(1500))
    try await configure("every 20s")
    #expect(try await fixture.pass().isEmpty)
    #expect(try await fixture.pass(after: .seconds(20)).count == 1)
    #expect(try await fixture.ticks("missed").isEmpty)
  }

  @Test("a manual run starts at once, paused or not, does not change the ticks, and obeys the overlap policy")
  func runNow() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add()
    _ = try await fixture.store.pauseSchedule("job", actor: "test")
    fixture.clock.advance(by: .seconds(5))
    let before = try await fixture.store.schedule("job")
    let run = try await fixture.store.runSchedule("job", workflow: ScheduleFixture.workflow, actor: "ann")
    guard case .started(let job) = run else { Issue.record("nothing was started"); return }
    let refused = await #expect(throws: Failure.self) {
      try await fixture.store.runSchedule("job", workflow: ScheduleFixture.workflow, actor: "ann")
    }
    #expect(refused?.code == "SCHEDULE_BUSY")
    #expect(refused?.category == .refused)
    let after = try await fixture.store.schedule("job")
    #expect((after.last, after.next, after.lastJob) == (before.last, before.next, job))

    try await fixture.add("other", overlap: .queueOne)
    _ = try await fixture.store.runSchedule("other", workflow: ScheduleFixture.workflow, actor: "ann")
    let queued = try await fixture.store.runSchedule("other", workflow: ScheduleFixture.workflow, actor: "ann")
    #expect(queued == .queued)
  }

  @Test("a clock that jumps back and forth fires nothing twice")
  func jumpingClock() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add(overlap: .allow)
    for jump in [25, -20, 30, -3600, 3600, 10, -86_000, 86_010, 40] {
      fixture.clock.advance(by: .seconds(jump))
      _ = try await fixture.scheduler().pass()
    }
    let fired = try await fixture.ticks("fired")
    #expect(fired == Array(Set(fired)).sorted())
    // 95 s have passed: nine ticks.
    #expect(fired.count == 9)
  }

  @Test("a schedule whose last tick lies days ahead, because it was stored under a wrong clock, ticks again")
  func wrongClock() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add()
    try await fixture.pass(after: .seconds(10 * 86_400))
    fixture.clock.advance(by: .seconds(-10 * 86_400))
    _ = try await fixture.pass()
    let worker = try await fixture.base.worker()
    try await fixture.end(try await fixture.claim(worker))
    #expect(try await fixture.pass(after: .seconds(10)).count == 1)
  }

  @Test("a tick whose workflow is missing starts nothing and records the error; the next tick clears it")
  func missingWorkflow() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add()
    fixture.clock.advance(by: .seconds(10))
    let pass = try await fixture.scheduler { name in
      throw Failure(.permanent, code: "WORKFLOW_NOT_FOUND", "There is no workflow '\(name)'.", category: .notFound)
    }.pass()
    #expect(pass.fired.first?.what.failure?.code == "WORKFLOW_NOT_FOUND")
    var record = try await fixture.store.schedule("job")
    #expect((record.fired, record.error?.code) == (0, "WORKFLOW_NOT_FOUND"))
    try await fixture.pass(after: .seconds(10))
    record = try await fixture.store.schedule("job")
    #expect((record.fired, record.error) == (1, nil))
  }

  @Test("a time zone that cannot be read is recorded as an error, and tried again a minute later")
  func missingZone() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add("job", "* * * * *", zone: "Mars/Olympus")
    _ = try await fixture.scheduler().pass()
    let record = try await fixture.store.schedule("job")
    #expect(record.error?.code == "TIME_ZONE_INVALID")
    #expect(record.next == fixture.clock.now + .seconds(60))
  }

  @Test("a single time fires once, and then the schedule is over")
  func once() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add("job", "2026-06-01T12:00:30Z")
    try await fixture.pass()
    #expect(try await fixture.pass(after: .seconds(29)).isEmpty)
    #expect(try await fixture.pass(after: .seconds(1)).count == 1)
    #expect(try await fixture.pass(after: .seconds(3600)).isEmpty)
    #expect(try await fixture.store.schedule("job").next == nil)
  }

  @Test("configured schedules are added and removed with the configuration; live ones stay and win, and a pause stays")
  func configured() async throws {
    let fixture = try await ScheduleFixture()
    func spec(_ timing: String) -> ScheduleSpec {
      ScheduleSpec(timing: timing, run: ScheduledRun(workflow: "report"))
    }
    try await fixture.add("live")
    let store = fixture.store
    #expect(try await store.configureSchedules(["a": spec("@daily"), "live": spec("@daily")], actor: "test") == 1)
    #expect(try await store.configureSchedules(["a": spec("@daily"), "live": spec("@daily")], actor: "test") == 0)
    _ = try await store.pauseSchedule("a", actor: "test")
    #expect(try await store.configureSchedules(["a": spec("@hourly"), "b": spec("@daily")], actor: "test") == 2)
    let known = try await store.schedules()
    #expect(known.map(\.name) == ["a", "b", "live"])
    #expect(known[0].isPaused)
    #expect(known[0].spec.timing == "@hourly")
    let refused = await #expect(throws: Failure.self) { try await store.removeSchedule("b", actor: "test") }
    #expect(refused?.code == "SCHEDULE_CONFIGURED")
    #expect(try await store.configureSchedules([:], actor: "test") == 2)
    #expect(try await store.schedules().map(\.name) == ["live"])
    try await store.removeSchedule("live", actor: "test")
  }

  @Test("a taken name, an unknown name and an unknown index are refused")
  func refusals() async throws {
    let fixture = try await ScheduleFixture()
    try await fixture.add("nightly")
    let taken = await #expect(throws: Failure.self) { try await fixture.add("nightly") }
    #expect(taken?.code == "SCHEDULE_EXISTS")
    let unknown = await #expect(throws: Failure.self) { try await fixture.store.schedule("nightli") }
    #expect(unknown?.code == "SCHEDULE_NOT_FOUND")
    #expect(unknown?.hint.contains("nightly") == true)
    let run = ScheduledRun(workflow: "report", index: "none")
    let index = await #expect(throws: Failure.self) {
      try await fixture.store.addSchedule("x", ScheduleSpec(timing: "@daily", run: run), actor: "test")
    }
    #expect(index?.code == "INDEX_NOT_FOUND")
  }
}
