import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Testing

@Suite("Draining, and failures of the store", .timeLimit(.minutes(15)))
struct DrainTests {
  @Test("a drain waits for scheduled jobs")
  func scheduled() async throws {
    let engine = try await EngineFixture()
    let start = engine.clock.uptime
    let job = try await engine.submit(notBefore: engine.clock.now + .seconds(40))
    #expect(try await engine.drain(engine.worker()) == .drained)
    #expect(try await engine.report(job).state == .completed)
    #expect(engine.clock.uptime - start >= 40_000_000)
  }

  @Test("a drain with nothing to do ends at once")
  func empty() async throws {
    let engine = try await EngineFixture()
    #expect(try await engine.worker().run() == .drained)
  }

  @Test("a drain reports that it is stuck when only jobs without quota are left")
  func stuck() async throws {
    let engine = try await EngineFixture()
    _ = try await engine.submit()
    let worker = engine.worker { _, _ in throw Failure(.exhausted, code: "QUOTA", "None left.") }
    let outlook = QueueOutlook(queued: 0, running: 0, waiting: 0, stuck: 1)
    #expect(try await engine.drain(worker) == .stuck(outlook))
  }

  @Test("the worker continues after claims and queries that fail for a while")
  func claimsFail() async throws {
    let engine = try await EngineFixture()
    let jobs = try await engine.submit((0..<5).map { "/\($0)" })
    let store = FaultyQueueStore(
      engine.store.store,
      before: { call, number in
        switch call {
        case .claim where number <= 3, .outlook where number <= 2, .peers where number == 1:
          throw FaultyQueueStore.busy
        default: break
        }
      })
    #expect(try await engine.drain(engine.worker(store: store)) == .drained)
    #expect(try await engine.areCompleted(jobs))
    #expect(engine.events.storeFailures == 6)
  }

  @Test("a checkpoint that cannot be stored is a spent attempt, and the step before it does not run again")
  func checkpointFails() async throws {
    let engine = try await EngineFixture()
    let steps = ["one", "two", "three"].map { ScriptedStep.definition($0) }
    let job = try await engine.submit(workflow: EngineFixture.workflow(steps))
    let store = FaultyQueueStore(
      engine.store.store,
      before: { call, number in
        if call == .checkpoint, number == 2 { throw FaultyQueueStore.full }
      })
    #expect(try await engine.drain(engine.worker(store: store)) == .drained)
    #expect(engine.log.calls.map { "\($0.name)\($0.attempt)" } == ["one1", "two1", "two2", "three1"])
    #expect(try await engine.report(job).state == .completed)
  }

  @Test("a last checkpoint that cannot be stored is a spent attempt; one that the store refuses is a dead letter")
  func lastFails() async throws {
    let engine = try await EngineFixture()
    let full = try await engine.submit("/full", workflow: EngineFixture.oneStep)
    let failing = FaultyQueueStore(
      engine.store.store,
      before: { call, number in
        if call == .finish, number == 1 { throw FaultyQueueStore.full }
      })
    #expect(try await engine.drain(engine.worker(store: failing)) == .drained)
    #expect(try await engine.report(full).state == .completed)
    #expect(engine.log.calls.map(\.attempt) == [1, 2])

    let refused = try await engine.submit("/refused", workflow: EngineFixture.oneStep)
    let refusing = FaultyQueueStore(
      engine.store.store,
      before: { call, number in
        if call == .finish, number == 1 {
          throw Failure(.permanent, code: "SWAP_REFUSED", "Green lacks some.", reason: .swapLacking)
        }
      })
    #expect(try await engine.drain(engine.worker("second", store: refusing)) == .drained)
    let report = try await engine.report(refused)
    #expect(report.state == .dead && report.error?.code == "SWAP_REFUSED")
  }

  @Test("storing the outcome of a failed job is retried")
  func endFails() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit(workflow: EngineFixture.oneStep)
    let store = FaultyQueueStore(
      engine.store.store,
      before: { call, number in
        if call == .finish, number <= 3 { throw FaultyQueueStore.busy }
      })
    let worker = engine.worker(store: store) { _, _ in throw Failure(.permanent, code: "BAD_INPUT", "It is bad.") }
    #expect(try await engine.drain(worker) == .drained)
    #expect(try await engine.report(job).attempts.map(\.code) == ["BAD_INPUT"])
    #expect(engine.events.hasDied(job, of: "BAD_INPUT"))
    #expect(engine.log.calls.count == 1)
  }

  @Test("a commit whose outcome is unknown is not made twice")
  func unknownOutcome() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let store = FaultyQueueStore(engine.store.store, before: { _, _ in }) { call, number in
      if call == .finish || call == .checkpoint, number == 1 { throw FaultyQueueStore.unknown }
    }
    #expect(try await engine.drain(engine.worker(store: store)) == .drained)
    #expect(try await engine.report(job).state == .completed)
    #expect(engine.log.names == ["one", "two"])
  }

  @Test("a definition is read once for many jobs; if it cannot be read, its job is put off and spends no attempt")
  func definitions() async throws {
    let engine = try await EngineFixture()
    let jobs = try await engine.submit((0..<10).map { "/\($0)" })
    let store = FaultyQueueStore(
      engine.store.store,
      before: { call, number in
        if call == .workflow, number == 1 { throw FaultyQueueStore.busy }
      })
    let options = EngineFixture.options(concurrency: 1)
    #expect(try await engine.drain(engine.worker(options: options, store: store)) == .drained)
    #expect(try await engine.areCompleted(jobs))
    #expect(engine.log.calls.allSatisfy { $0.attempt == 1 } && engine.log.calls.count == 20)
    #expect(store.done(.workflow) == 1)
  }

  @Test("sixty jobs of three sources all complete, each step once")
  func many() async throws {
    let engine = try await EngineFixture()
    let jobs = try await engine.submit((0..<60).map { "/\($0)" }, sources: 3)
    #expect(try await engine.drain(engine.worker(options: EngineFixture.options(concurrency: 16))) == .drained)
    #expect(engine.log.calls.count == 120 && Set(engine.log.calls).count == 120)
    #expect(try await engine.areCompleted(jobs))
    let status = try await engine.store.store.status()
    #expect(status.completed == jobs.count && status.queued == 0 && status.running == 0)
  }
}
