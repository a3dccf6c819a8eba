import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Synchronization
import Testing

@Suite("A job's steps", .timeLimit(.minutes(15)))
struct StepTests {
  @Test("every step runs once, in order, and the job completes")
  func success() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    #expect(try await engine.drain(engine.worker()) == .drained)
    #expect(engine.log.names == ["one", "two"])
    #expect(try await engine.report(job).state == .completed)
  }

  @Test("a step with a checkpoint does not run again after a crash")
  func checkpointed() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let before = try await engine.store.worker("before")
    let claimed = try #require(try await engine.store.claim(before).first)
    let checkpoint = Checkpoint(
      step: "one", position: 0, output: StepOutput(), startedAt: engine.clock.now, finishedAt: engine.clock.now)
    try await engine.store.store.checkpoint(claimed.lease, checkpoint)
    _ = try await engine.store.store.reclaim(dead: before)
    #expect(try await engine.drain(engine.worker()) == .drained)
    #expect(engine.log.names == ["two"])
    #expect(try await engine.report(job).state == .completed)
  }

  @Test("a transient failure is retried after its backoff, and each try spends an attempt")
  func transient() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let times = Mutex<[Timestamp]>([])
    let worker = engine.worker { [clock = engine.clock] call, _ in
      guard call.name == "two" else { return StepOutput() }
      times.withLock { $0.append(clock.now) }
      if call.attempt < 3 { throw Failure(.transient, code: "BROKEN", "It broke.") }
      return StepOutput()
    }
    #expect(try await engine.drain(worker) == .drained)
    #expect(engine.log.calls.map { "\($0.name)\($0.attempt)" } == ["one1", "two1", "two2", "two3"])
    let seen = times.withLock { $0 }
    try #require(seen.count == 3)
    #expect(seen[1] - seen[0] >= .seconds(1) && seen[2] - seen[1] >= .seconds(2))
    let report = try await engine.report(job)
    #expect(report.state == .completed && report.error == nil)
  }

  @Test("a job that has used up its attempts is a dead letter with every failure")
  func exhaustsAttempts() async throws {
    let engine = try await EngineFixture()
    let retry = RetryPolicy(attempts: 3, first: .seconds(1), jitter: .none)
    let job = try await engine.submit(workflow: EngineFixture.workflow([ScriptedStep.definition("one", retry: retry)]))
    let worker = engine.worker { call, _ in
      throw Failure(
        .transient, code: "BROKEN_\(call.attempt)", "It broke.",
        causes: [Failure(.transient, code: "BENEATH", "The disk said no.")])
    }
    #expect(try await engine.drain(worker) == .drained)
    let report = try await engine.report(job)
    #expect(report.state == .dead)
    #expect(report.attempts.map(\.code) == ["BROKEN_1", "BROKEN_2", "BROKEN_3"])
    #expect(report.error?.step == "one" && report.error?.attempt == 3)
    #expect(report.error?.causes.map(\.code) == ["BENEATH"])
  }

  @Test("a permanent failure is a dead letter at once")
  func permanent() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let worker = engine.worker { _, _ in throw Failure(.permanent, code: "BAD_INPUT", "It is bad.") }
    #expect(try await engine.drain(worker) == .drained)
    #expect(engine.log.names == ["one"])
    #expect(try await engine.report(job).state == .dead)
  }

  @Test(
    "waiting for a dependency spends no attempt",
    arguments: [(Failure.Kind.throttled, "throttled", 7), (.unavailable, "breaker-open", 30)])
  func unspent(_ kind: Failure.Kind, _ reason: String, _ seconds: Int) async throws {
    let engine = try await EngineFixture()
    let retry = RetryPolicy(attempts: 1, jitter: .none)
    let job = try await engine.submit(workflow: EngineFixture.workflow([ScriptedStep.definition("one", retry: retry)]))
    let worker = engine.worker(options: EngineFixture.staying) { [log = engine.log] _, _ in
      guard log.calls.count > 2 else {
        throw Failure(kind, code: "LATER", "Not now.", retryAfter: kind == .throttled ? .seconds(7) : nil)
      }
      return StepOutput()
    }
    let end = try await engine.run(worker) {
      try await engine.until("it waits") { try await engine.report(job).reason == reason }
      #expect(try await engine.report(job).nextAt == engine.clock.now + .seconds(seconds))
      try await engine.until("it completes", each: .milliseconds(200)) {
        try await engine.report(job).state == .completed
      }
    }
    #expect(end == .stopped)
    #expect(engine.log.calls.map(\.attempt) == [1, 1, 1])
  }

  @Test("content on which the parser died three times is quarantined")
  func poison() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let worker = engine.worker { _, _ in throw Failure(.poison, code: "PARSER_DIED", "It died.") }
    #expect(try await engine.drain(worker) == .drained)
    let report = try await engine.report(job)
    #expect(report.state == .dead && report.error?.code == "QUARANTINED")
    #expect(engine.log.calls.count == 3)
  }

  @Test("a result over the size limit is a dead letter")
  func tooLarge() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let worker = engine.worker { _, _ in
      StepOutput(result: "\"" + String(repeating: "x", count: StepOutput.resultLimit) + "\"")
    }
    #expect(try await engine.drain(worker) == .drained)
    #expect(try await engine.report(job).error?.code == "CHECKPOINT_TOO_LARGE")
  }

  @Test("a step that reports a cancellation that nobody requested is retried")
  func interrupted() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit(workflow: EngineFixture.oneStep)
    let worker = engine.worker { call, _ in
      if call.attempt == 1 { throw CancellationError() }
      return StepOutput()
    }
    #expect(try await engine.drain(worker) == .drained)
    #expect(try await engine.report(job).state == .completed)
    #expect(engine.log.calls.map(\.attempt) == [1, 2])
  }

  @Test("saved progress is restored after a crash and after a failure")
  func progress() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit(workflow: EngineFixture.oneStep)
    let before = try await engine.store.worker("before")
    let claimed = try #require(try await engine.store.claim(before).first)
    let save = StepSave(progress: StepProgress(done: 3, total: 9, unit: "pages"), cursor: "page-3")
    try await engine.store.store.save(claimed.lease, step: "one", position: 0, save)
    _ = try await engine.store.store.reclaim(dead: before)
    let worker = engine.worker { call, context in
      guard call.attempt == 1 else { return StepOutput() }
      try await context.save(StepSave(progress: StepProgress(done: 6, total: 9, unit: "pages"), cursor: "page-6"))
      throw Failure(.transient, code: "BROKEN", "It broke.")
    }
    #expect(try await engine.drain(worker) == .drained)
    #expect(engine.log.calls.map(\.cursor) == ["page-3", "page-6"])
    #expect(try await engine.report(job).state == .completed)
  }
}
