import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Testing

/// Workflows that wait, skip and end with an on-failure step, through the worker.
@Suite("Waiting, branching and on-failure")
struct WaitTests {
  private static func workflow(
    _ name: String, _ steps: [StepDefinition], onFailure: StepDefinition? = nil
  ) -> PinnedWorkflow {
    PinnedWorkflow(
      version: ContentHash(rawValue: "version-of-\(name)"),
      definition: WorkflowDefinition(name: name, steps: steps, onFailure: onFailure))
  }

  private static func step(_ name: String, when: String? = nil, concurrency: Int? = nil) -> StepDefinition {
    var step = ScriptedStep.definition(name, retry: RetryPolicy(attempts: 2, jitter: .none))
    step.when = when
    step.concurrency = concurrency
    return step
  }

  @Test("a waiting step occupies no worker, and runs again with its cursor and the signal that woke it")
  func signals() async throws {
    let fixture = try await EngineFixture()
    let inputs = Inputs()
    let worker = fixture.worker(options: EngineFixture.staying, inputs: inputs) { input, _ in
      guard input.step == "one" else { return StepOutput(result: "{\"two\":true}") }
      guard let wake = input.wake else { return .waiting(for: .signal("go", until: nil), cursor: "{\"asked\":1}") }
      return StepOutput(result: "{\"woken\":\(wake != .timedOut)}")
    }
    let job = try await fixture.submit(workflow: Self.workflow("wait", [Self.step("one"), Self.step("two")]))
    _ = try await fixture.run(worker) {
      try await fixture.until("it waits", each: .milliseconds(100)) { try await fixture.report(job).state == .waiting }
      let report = try await fixture.report(job)
      #expect(report.steps.map(\.state) == [.waiting, .pending])
      #expect(report.worker == nil)
      _ = try await fixture.store.store.signal(job, name: "go", data: "5", actor: "ann")
      fixture.surroundings.wake()
      try await fixture.until("it is done", each: .milliseconds(100)) { try await fixture.areCompleted([job]) }
    }
    let seen = inputs.all
    #expect(seen.map(\.step) == ["one", "one", "two"])
    #expect(seen.map(\.cursor) == [nil, "{\"asked\":1}", nil])
    #expect(seen.map { $0.wake == nil } == [true, false, true])
    #expect(seen.last?.resultsByID == ["one": "{\"woken\":true}"])
  }

  @Test(
    "a sleeping step continues at its time, and a drain waits for it; with a step that waits for a signal it is stuck"
  )
  func sleeps() async throws {
    let fixture = try await EngineFixture()
    let end = fixture.clock.now + .seconds(3600)
    let worker = fixture.worker(inputs: Inputs()) { input, context in
      if input.step == "one", context.clock.now < end { return .waiting(for: .until(end)) }
      if input.step == "two", input.wake == nil { return .waiting(for: .signal("go", until: nil)) }
      return StepOutput()
    }
    let job = try await fixture.submit(workflow: Self.workflow("sleep", [Self.step("one"), Self.step("two")]))
    guard case .stuck(let outlook) = try await fixture.drain(worker) else {
      Issue.record("the drain did not end stuck")
      return
    }
    #expect(outlook.waiting == 1)
    #expect(fixture.clock.now >= end)
    #expect(try await fixture.report(job).steps.map(\.state) == [.completed, .waiting])
  }

  @Test("a step whose condition is false is skipped, with no attempt and no result")
  func skips() async throws {
    let fixture = try await EngineFixture()
    let inputs = Inputs()
    let worker = fixture.worker(inputs: inputs) { input, _ in
      StepOutput(result: "{\"pages\":3,\"of\":\"\(input.step)\"}")
    }
    let job = try await fixture.submit(
      workflow: Self.workflow(
        "skip",
        [
          Self.step("one"), Self.step("two", when: "steps.one.pages > 5"),
          Self.step("three", when: "steps.one.pages == 3 and not exists(steps.two)"),
          Self.step("four", when: "source == 'nobody'"),
        ]))
    #expect(try await fixture.drain(worker) == .drained)
    let report = try await fixture.report(job)
    #expect(report.state == .completed)
    #expect(report.steps.map(\.state) == [.completed, .skipped, .completed, .skipped])
    #expect(report.steps.map(\.attempts) == [1, 0, 1, 0])
    #expect(inputs.all.map(\.step) == ["one", "three"])
    #expect(inputs.all.last?.results["scripted"]?.contains("one") == true)
  }

  @Test("an unreadable condition is a dead letter and does not loop")
  func badCondition() async throws {
    let fixture = try await EngineFixture()
    let job = try await fixture.submit(workflow: Self.workflow("bad", [Self.step("one", when: "steps.. >")]))
    #expect(try await fixture.drain(fixture.worker()) == .drained)
    let error = try await fixture.report(job).error
    #expect(error?.code == "CONDITION_INVALID")
    #expect(error?.step == "one")
  }

  @Test("before a job dies, its on-failure step runs with the failure, and is retried by its own policy")
  func onFailure() async throws {
    let fixture = try await EngineFixture()
    let inputs = Inputs()
    let worker = fixture.worker(inputs: inputs) { input, _ in
      if input.step == "one" { throw Failure(.permanent, code: "BROKEN", "It broke.") }
      if input.attempt == 1 { throw Failure(.transient, code: "TELL_AGAIN", "Not yet.") }
      return StepOutput()
    }
    let job = try await fixture.submit(
      workflow: Self.workflow("tell", [Self.step("one"), Self.step("two")], onFailure: Self.step("tell")))
    #expect(try await fixture.drain(worker) == .drained)
    let report = try await fixture.report(job)
    #expect(report.state == .dead)
    #expect(report.error?.code == "BROKEN")
    #expect(report.error?.causes.isEmpty == true)
    #expect(report.attempts.map(\.code) == ["BROKEN", "TELL_AGAIN"])
    #expect(report.steps.map(\.id) == ["one", "two", "tell"])
    #expect(report.steps.map(\.state) == [.failed, .pending, .completed])
    #expect(inputs.all.map(\.step) == ["one", "tell", "tell"])
    #expect(inputs.all.dropFirst().allSatisfy { $0.failure?.code == "BROKEN" })
    #expect(fixture.events.hasDied(job, of: "BROKEN"))
  }

  @Test("if the on-failure step dies too, its error becomes a cause of the job's own failure")
  func onFailureDies() async throws {
    let fixture = try await EngineFixture()
    let worker = fixture.worker(inputs: Inputs()) { input, _ in
      throw Failure(.permanent, code: input.step == "one" ? "BROKEN" : "MUTE", "It broke.")
    }
    let job = try await fixture.submit(
      workflow: Self.workflow("mute", [Self.step("one")], onFailure: Self.step("tell")))
    #expect(try await fixture.drain(worker) == .drained)
    let report = try await fixture.report(job)
    #expect(report.error?.code == "BROKEN")
    #expect(report.error?.causes.map(\.code) == ["MUTE"])
    #expect(report.attempts.map(\.code) == ["BROKEN", "MUTE"])
    #expect(fixture.events.hasDied(job, of: "BROKEN"))
  }

  @Test("if a worker dies in the on-failure step, the next worker runs that step and no other")
  func onFailureCrash() async throws {
    let fixture = try await EngineFixture()
    let inputs = Inputs()
    let workflow = Self.workflow("crash", [Self.step("one")], onFailure: Self.step("tell"))
    let job = try await fixture.submit(workflow: workflow)
    let doomed = try await fixture.store.worker("doomed")
    let claimed = try #require(try await fixture.store.claim(doomed).first)
    let failure = Failure(.permanent, code: "BROKEN", "It broke.").during(step: "one", attempt: 1)
    try await fixture.store.store.markFailing(
      claimed.lease,
      FailedAttempt(position: 0, failure: failure, startedAt: fixture.clock.now, finishedAt: fixture.clock.now))
    _ = try await fixture.store.store.reclaim(dead: doomed)
    #expect(try await fixture.drain(fixture.worker(inputs: inputs) { _, _ in StepOutput() }) == .drained)
    #expect(inputs.all.map(\.step) == ["tell"])
    let report = try await fixture.report(job)
    #expect(report.state == .dead)
    #expect(report.error?.code == "BROKEN")
  }

  @Test("the on-failure step does not run for a cancelled job")
  func cancelled() async throws {
    let fixture = try await EngineFixture()
    let worker = fixture.worker(options: EngineFixture.staying, EngineFixture.hang)
    let job = try await fixture.submit(
      workflow: Self.workflow("cancel", [Self.step("one")], onFailure: Self.step("tell")))
    _ = try await fixture.run(worker) {
      try await fixture.untilRunning()
      _ = try await fixture.store.store.cancel(job, actor: "test")
      fixture.surroundings.wake()
      try await fixture.until("it is cancelled", each: .milliseconds(50)) {
        try await fixture.report(job).state == .cancelled
      }
    }
    #expect(fixture.log.names == ["one"])
  }

  @Test("a redriven job whose on-failure step has run runs both steps again")
  func redriven() async throws {
    let fixture = try await EngineFixture()
    let inputs = Inputs()
    let worker = fixture.worker(inputs: inputs) { input, _ in
      if input.step == "one" { throw Failure(.permanent, code: "BROKEN", "It broke.") }
      return StepOutput()
    }
    let job = try await fixture.submit(
      workflow: Self.workflow("again", [Self.step("one")], onFailure: Self.step("tell")))
    #expect(try await fixture.drain(worker) == .drained)
    _ = try await fixture.store.store.redrive(JobFilter(ids: [job]), actor: "test")
    let second = fixture.worker("second", inputs: inputs) { input, _ in
      if input.step == "one" { throw Failure(.permanent, code: "BROKEN", "It broke.") }
      return StepOutput()
    }
    #expect(try await fixture.drain(second) == .drained)
    #expect(inputs.all.map(\.step) == ["one", "tell", "one", "tell"])
  }

  @Test("no more of a step's runs are under way than its workflow allows, and waiting for that spends no attempt")
  func stepConcurrency() async throws {
    let fixture = try await EngineFixture()
    let running = Peak()
    let worker = fixture.worker(options: EngineFixture.options(concurrency: 8), inputs: Inputs()) { input, context in
      guard input.step == "two" else { return StepOutput() }
      running.begin()
      try await context.clock.sleep(for: .milliseconds(700))
      running.end()
      return StepOutput()
    }
    let workflow = Self.workflow("narrow", [Self.step("one"), Self.step("two", concurrency: 2)])
    var jobs: [JobID] = []
    for number in 0..<12 { jobs.append(try await fixture.submit("/\(number)", workflow: workflow)) }
    #expect(try await fixture.drain(worker) == .drained)
    #expect(try await fixture.areCompleted(jobs))
    #expect(running.most == 2)
    for job in jobs { #expect(try await fixture.report(job).attempts.isEmpty) }
  }
}
