import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Synchronization
import Testing

@Suite("Leases, deaths and peers", .timeLimit(.minutes(15)))
struct LeaseTests {
  static let name = WorkerID(rawValue: "worker")

  @Test("a worker that lost its lease writes nothing more")
  func lost() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let gate = Gate()
    let worker = engine.worker(options: EngineFixture.staying) { _, _ in
      await gate.wait()
      return StepOutput(degraded: true)
    }
    let end = try await engine.run(worker) {
      try await engine.untilRunning()
      // The worker is declared dead, and another one claims the job before the step ends.
      _ = try await engine.store.store.reclaim(dead: Self.name)
      let other = try await engine.store.worker("other")
      let claimed = try #require(try await engine.store.claim(other).first)
      gate.open()
      try await engine.until("the loss is noticed") { engine.events.hasLost(job) }
      let report = try await engine.report(job)
      #expect(report.state == .running && !report.degraded)
      try await engine.store.store.finish(claimed.lease, .cancelled, last: nil)
    }
    #expect(end == .stopped)
    #expect(engine.log.names == ["one"])
  }

  @Test("a worker that was wrongly declared dead stops its jobs, registers again and continues")
  func takenForDead() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let worker = engine.worker(options: EngineFixture.staying, EngineFixture.hang)
    _ = try await engine.run(worker) {
      try await engine.untilRunning()
      _ = try await engine.store.store.reclaim(dead: Self.name)
      try await engine.until("it notices the loss", each: .milliseconds(250)) { engine.events.hasLost(job) }
      try await engine.until("it continues", each: .milliseconds(100)) {
        try await engine.store.store.status().workers.map(\.worker) == ["worker"] && engine.log.names == ["one", "one"]
      }
    }
  }

  @Test("steps stop when their leases could not be renewed in time")
  func renewalFails() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let store = FaultyQueueStore(
      engine.store.store,
      before: { call, _ in
        if call == .renew { throw FaultyQueueStore.busy }
      })
    let options = EngineFixture.options(drains: false, lease: .seconds(30))
    let worker = engine.worker(options: options, store: store, EngineFixture.hang)
    let start = engine.clock.uptime
    _ = try await engine.run(worker) {
      try await engine.untilRunning()
      try await engine.until("it stops", each: .milliseconds(500)) { engine.events.hasLost(job) }
      #expect(engine.clock.uptime - start < 90_000_000)
    }
  }

  @Test("a peer's death frees its jobs at once and spends no attempt")
  func peer() async throws {
    let engine = try await EngineFixture()
    let job = try await engine.submit()
    let peer = try await engine.store.worker("peer")
    _ = try #require(try await engine.store.claim(peer).first)
    let worker = engine.worker(options: EngineFixture.staying)
    _ = try await engine.run(worker) {
      try await engine.until("it is registered") { try await engine.store.store.status().workers.count == 2 }
      #expect(engine.log.calls.isEmpty)
      engine.surroundings.kill(peer)
      // The clock stands still, so neither a lease nor a poll had to end.
      try await engine.until("another worker completes the job") { try await engine.report(job).state == .completed }
    }
    #expect(engine.events.hasSeenDeath(of: peer))
    #expect(engine.log.calls.map(\.attempt) == [1, 1])
  }

  @Test("a job that was in flight at two deaths runs alone")
  func alone() async throws {
    let engine = try await EngineFixture()
    let suspects = try await engine.submit(["/suspect", "/companion"])
    for death in 1...2 { try await engine.die("peer-\(death)", jobs: 2) }
    let others = try await engine.submit((0..<6).map { "/other-\($0)" })
    let inside = Mutex<(now: Set<JobID>, together: Set<Set<JobID>>)>(([], []))
    let worker = engine.worker { call, context in
      inside.withLock { inside in
        inside.now.insert(call.job)
        inside.together.insert(inside.now)
      }
      try await context.clock.sleep(for: .milliseconds(500))
      inside.withLock { _ = $0.now.remove(call.job) }
      return StepOutput()
    }
    #expect(try await engine.drain(worker) == .drained)
    #expect(try await engine.areCompleted(suspects + others))
    let together = inside.withLock { $0.together }
    // A checkpoint resets the count of deaths, so only the first step must run alone.
    #expect(together.contains { $0.count > 1 })
    for job in suspects { #expect(together.contains([job])) }
    #expect(!together.contains(Set(suspects)))
  }

  @Test("a job that must run alone waits until the worker is idle, and delays nothing afterwards")
  func waitsForIdle() async throws {
    let engine = try await EngineFixture()
    let (long, short) = (Gate(), Gate())
    defer { long.open() }
    let store = FaultyQueueStore(engine.store.store)
    let others = try await (
      engine.submit("/long", workflow: EngineFixture.oneStep), engine.submit("/short", workflow: EngineFixture.oneStep)
    )
    let options = EngineFixture.options(concurrency: 2, drains: false)
    let worker = engine.worker(options: options, store: store) { call, _ in
      if call.job == others.0 { await long.wait() }
      if call.job == others.1 { await short.wait() }
      return StepOutput()
    }
    let end = try await engine.run(worker) {
      try await engine.until("both run") { engine.log.calls.count == 2 }
      let suspect = try await engine.submit("/suspect", workflow: EngineFixture.oneStep)
      for death in 1...2 { try await engine.die("peer-\(death)") }
      let claims = store.done(.claim)
      short.open()
      try await engine.until("the worker has claimed again") { store.done(.claim) > claims }
      #expect(engine.log.calls.count == 2)
      long.open()
      try await engine.until("it runs when the other has ended") {
        try await engine.areCompleted([others.0, others.1, suspect])
      }
    }
    #expect(end == .stopped)
  }

  @Test("a worker with a scope takes no jobs outside it, not even those that must run alone")
  func scope() async throws {
    let engine = try await EngineFixture()
    let foreign = try await engine.submit("/foreign", source: "other")
    for death in 1...2 { try await engine.die("peer-\(death)") }
    let own = try await engine.submit("/own", source: "mine")
    let options = EngineFixture.options(scope: WorkScope(sources: ["mine"]))
    #expect(try await engine.drain(engine.worker(options: options)) == .drained)
    #expect(try await engine.report(own).state == .completed)
    #expect(try await engine.report(foreign).state == .queued)
  }
}
