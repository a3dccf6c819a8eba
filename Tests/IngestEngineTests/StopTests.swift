import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Testing

@Suite("Stopping and cancelling", .timeLimit(.minutes(15)))
struct StopTests {
  @Test("an idle worker stops at once")
  func idle() async throws {
    let engine = try await EngineFixture()
    let worker = engine.worker(options: EngineFixture.staying)
    async let end = worker.run()
    try await engine.until("it is registered") { try await engine.store.store.status().workers.count == 1 }
    worker.stop()
    // The clock stands still, so the worker waited for nothing.
    #expect(try await end == .stopped)
    #expect(try await engine.store.store.status().workers.isEmpty)
  }

  @Test("a step that ends within the grace period keeps its checkpoint, and the job is released for another worker")
  func grace() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let gate = Gate()
    let worker = engine.worker(options: EngineFixture.staying) { _, _ in
      await gate.wait()
      return StepOutput()
    }
    async let end = worker.run()
    try await engine.untilRunning()
    worker.stop()
    gate.open()
    #expect(try await end == .stopped)
    let report = try await engine.report(job)
    #expect(report.state == .queued && report.reason == "ready")
    #expect(try await engine.drain(engine.worker("next")) == .drained)
    #expect(engine.log.names == ["one", "two"])
    #expect(try await engine.report(job).state == .completed)
  }

  @Test("a step that needs longer than the grace period is cancelled and spends no attempt")
  func release() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let worker = engine.worker(options: EngineFixture.staying, EngineFixture.hang)
    let start = engine.clock.uptime
    #expect(try await engine.run(worker) { try await engine.untilRunning() } == .stopped)
    #expect(engine.clock.uptime - start >= 15_000_000)
    let report = try await engine.report(job)
    #expect(report.state == .queued && report.reason == "ready" && report.attempts.isEmpty)
    #expect(try await engine.drain(engine.worker("next")) == .drained)
    #expect(engine.log.calls.map(\.attempt) == [1, 1, 1])
  }

  @Test("a step that ignores its cancellation does not keep the worker from ending")
  func stubborn() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let gate = Gate()
    defer { gate.open() }
    let worker = engine.worker(options: EngineFixture.staying) { _, _ in
      await gate.wait()
      return StepOutput()
    }
    #expect(try await engine.run(worker) { try await engine.untilRunning() } == .stopped)
    #expect(engine.events.hasLeftBehind(job))
    #expect(try await engine.report(job).state == .queued)
  }

  @Test("leases are renewed while a stopping worker waits for its steps")
  func renewsInGrace() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let options = EngineFixture.options(drains: false, lease: .seconds(12), heartbeat: .seconds(4))
    let store = FaultyQueueStore(engine.store.store)
    let worker = engine.worker(options: options, store: store, EngineFixture.hang)
    let end = try await engine.run(worker) {
      try await engine.untilRunning()
      worker.stop()
      // Each heartbeat is awaited, so that the time the store needs does not use up the lease.
      for round in 1...3 {
        engine.clock.advance(by: .seconds(4))
        try await engine.until("heartbeat \(round)") { store.done(.renew) >= round && engine.clock.sleepers >= 3 }
      }
      engine.clock.advance(by: .seconds(2))
      let other = try await engine.store.worker("other")
      #expect(try await engine.store.claim(other).isEmpty)
      #expect(try await engine.report(job).state == .running)
    }
    #expect(end == .stopped)
  }

  @Test("jobs of a claim that was under way when the worker was asked to stop are released at once")
  func claimInFlight() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let reached = Gate()
    let answer = Gate()
    let store = FaultyQueueStore(engine.store.store, before: { _, _ in }) { call, _ in
      guard call == .claim else { return }
      reached.open()
      await answer.wait()
    }
    let worker = engine.worker(options: EngineFixture.staying, store: store)
    async let end = worker.run()
    await reached.wait()
    worker.stop()
    answer.open()
    #expect(try await end == .stopped)
    #expect(engine.log.calls.isEmpty)
    #expect(try await engine.report(job).reason == "ready")
  }

  @Test(
    "a cancel reaches a running step at once with a wake signal, and at the next heartbeat without",
    arguments: [true, false])
  func cancel(_ wakes: Bool) async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let worker = engine.worker(options: EngineFixture.staying, EngineFixture.hang)
    let end = try await engine.run(worker) {
      try await engine.untilRunning()
      #expect(try await engine.store.store.cancel(job, actor: "test") == .running)
      if wakes { engine.surroundings.wake() }
      try await engine.until("it is cancelled", each: wakes ? .zero : .milliseconds(250)) {
        try await engine.report(job).state == .cancelled
      }
    }
    #expect(end == .stopped)
    #expect(try await engine.report(job).attempts.isEmpty)
    #expect(engine.log.names == ["one"])
  }
}
