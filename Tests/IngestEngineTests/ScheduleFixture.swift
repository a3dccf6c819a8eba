import IngestCore
import IngestEngine
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Time zones from POSIX text, so that no test depends on the system's files.
struct PosixZones: TimeZoneSource {
  func rules(of zone: String) throws -> TimeZoneRules {
    zone == "UTC" ? .utc : try TimeZoneRules(posix: zone)
  }
}

/// One database and any number of schedulers of workers, each with its own connection.
struct ScheduleFixture {
  let base: StoreFixture
  let clock: ManualClock
  var store: Store { base.store }

  static let berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
  static let workflow = StoreFixture.workflow("report", steps: 1)

  init(at text: String = "2026-06-01T12:00:00Z") async throws {
    clock = ManualClock(start: try #require(Timestamp(text)))
    base = try await StoreFixture(clock: clock)
  }

  /// Returns a store as another process has it.
  func other() throws -> Store {
    let database = try Database(
      path: base.folder.path + "/ingestd.db",
      options: DatabaseOptions(mode: .existing, migrations: Store.migrations))
    return Store(
      database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
  }

  func scheduler(
    _ store: Store? = nil, workflow: @escaping @Sendable (String) throws -> PinnedWorkflow = { _ in Self.workflow }
  ) -> Scheduler {
    Scheduler(store: store ?? self.store, zones: PosixZones(), clock: clock, workflow: workflow)
  }

  func add(
    _ name: String = "job", _ timing: String = "every 10s", zone: String = "UTC", overlap: OverlapPolicy = .skip,
    catchUp: Duration = .seconds(3600), jitter: Duration = .zero
  ) async throws {
    try await store.addSchedule(
      name,
      ScheduleSpec(
        timing: timing, zone: zone, overlap: overlap, catchUp: catchUp, jitter: jitter,
        run: ScheduledRun(workflow: "report", task: #"{"days":7}"#)), actor: "test")
  }

  /// Advances the clock and lets one scheduler make a pass.
  @discardableResult
  func pass(after duration: Duration = .zero) async throws -> [JobID] {
    clock.advance(by: duration)
    return try await scheduler().pass().fired.flatMap(\.what.started)
  }

  /// Returns the ticks with this kind of journal line, in the journal's order.
  func ticks(_ kind: String) async throws -> [String] {
    try await base.database.read { db in
      try db.rows("SELECT data FROM journal WHERE kind = \(kind) ORDER BY seq") {
        String($0.text(0).split(separator: " ")[1])
      }
    }
  }

  func end(_ job: ClaimedJob, _ outcome: JobOutcome = .completed) async throws {
    try await store.finish(job.lease, outcome, last: nil)
  }

  func claim(_ worker: WorkerID) async throws -> ClaimedJob {
    try #require(try await base.claim(worker).first)
  }
}
