import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Testing

@Suite("Time limits", .timeLimit(.minutes(15)))
struct LimitTests {
  @Test("a step past its timeout is cancelled and retried")
  func timeout() async throws {
    let engine = try await EngineFixture()
    let retry = RetryPolicy(attempts: 2, first: .seconds(1), jitter: .none)
    let step = ScriptedStep.definition("one", retry: retry, timeout: .seconds(5))
    let job = try await engine.submit(workflow: EngineFixture.workflow([step]))
    #expect(try await engine.drain(engine.worker("worker", EngineFixture.hang)) == .drained)
    let report = try await engine.report(job)
    #expect(report.state == .dead && report.attempts.map(\.code) == ["STEP_TIMEOUT", "STEP_TIMEOUT"])
  }

  @Test("a job past its deadline is a dead letter, even in the middle of a step")
  func deadline() async throws {
    let engine = try await EngineFixture()
    let workflow = EngineFixture.workflow([ScriptedStep.definition("one")], deadline: .seconds(20))
    let start = engine.clock.uptime
    let job = try await engine.submit(workflow: workflow)
    #expect(try await engine.drain(engine.worker("worker", EngineFixture.hang)) == .drained)
    #expect(engine.clock.uptime - start < 60_000_000)
    let report = try await engine.report(job)
    #expect(report.state == .dead && report.error?.code == "DEADLINE_PASSED")
    #expect(engine.log.calls.count == 1)
  }

  @Test("a queued job past its deadline ends without having run")
  func queuedDeadline() async throws {
    let engine = try await EngineFixture()
    let workflow = EngineFixture.workflow([ScriptedStep.definition("one")], deadline: .seconds(20))
    let job = try await engine.submit(workflow: workflow)
    engine.clock.advance(by: .seconds(20))
    #expect(try await engine.drain(engine.worker()) == .drained)
    #expect(try await engine.report(job).error?.code == "DEADLINE_PASSED")
    #expect(engine.log.calls.isEmpty)
  }

  @Test("a step that ignores its cancellation is left running, and its late result changes nothing")
  func leftBehind() async throws {
    let engine = try await EngineFixture()
    let gate = Gate()
    defer { gate.open() }
    let retry = RetryPolicy(attempts: 3, first: .seconds(1), jitter: .none)
    let step = ScriptedStep.definition("one", retry: retry, timeout: .seconds(5))
    let job = try await engine.submit(workflow: EngineFixture.workflow([step]))
    let refused = Gate()
    let worker = engine.worker { call, context in
      guard call.attempt == 1 else { return StepOutput() }
      await gate.wait()
      do {
        try await context.save(StepSave(progress: StepProgress(done: 1, unit: "pages"), cursor: "late"))
      } catch is LeaseLost {
        refused.open()
      }
      return StepOutput(degraded: true)
    }
    #expect(try await engine.drain(worker) == .drained)
    #expect(engine.events.hasLeftBehind(job))
    gate.open()
    await refused.wait()
    let report = try await engine.report(job)
    #expect(report.state == .completed && !report.degraded)
    #expect(engine.log.calls.map(\.attempt) == [1, 2])
  }
}
