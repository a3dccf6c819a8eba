import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Testing

@Suite("Schedules in a worker")
struct ScheduledWorkerTests {
  private static func scheduler(_ fixture: EngineFixture) -> Scheduler {
    Scheduler(store: fixture.store.store, zones: PosixZones(), clock: fixture.clock) { _ in EngineFixture.oneStep }
  }

  /// Returns options that poll once a day, so that only the schedules' own times and wake signals count.
  private static func patient(drains: Bool) -> WorkerOptions {
    var options = EngineFixture.options(drains: drains)
    options.poll = .seconds(86_400)
    return options
  }

  private static func add(_ timing: String, to fixture: EngineFixture) async throws {
    try await fixture.store.store.addSchedule(
      "often", ScheduleSpec(timing: timing, overlap: .allow, run: ScheduledRun(workflow: "scripted")), actor: "test")
  }

  @Test("a worker fires each tick on time, reports it, and notices a schedule that is added while it waits")
  func fires() async throws {
    let fixture = try await EngineFixture()
    let store = fixture.store.store
    let worker = fixture.worker(options: Self.patient(drains: false), scheduler: Self.scheduler(fixture))
    let end = try await fixture.run(worker) {
      try await fixture.until("the worker waits") { fixture.clock.sleepers > 2 }
      try await Self.add("every 10s", to: fixture)
      let added = fixture.clock.now
      // The worker has seen the schedule once the time of the next tick is stored.
      try await fixture.until("it is woken", each: .milliseconds(1)) {
        fixture.surroundings.wake()
        return try await store.schedule("often").next.map { $0 > added } ?? false
      }
      for tick in 1...3 {
        try await fixture.until("tick \(tick) comes", each: .milliseconds(500)) { fixture.events.firings >= tick }
      }
      #expect(fixture.clock.now < added + .seconds(60))
      let record = try await store.schedule("often")
      #expect(record.fired >= 3)
    }
    #expect(end == .stopped)
  }

  @Test("a worker that drains fires no schedules, since it would never end")
  func drains() async throws {
    let fixture = try await EngineFixture()
    try await Self.add("every 1s", to: fixture)
    let worker = fixture.worker(scheduler: Self.scheduler(fixture))
    fixture.clock.advance(by: .seconds(30))
    #expect(try await fixture.drain(worker) == .drained)
    #expect(try await fixture.store.store.schedule("often").fired == 0)
  }
}
