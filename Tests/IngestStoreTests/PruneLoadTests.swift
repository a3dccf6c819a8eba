import Foundation
import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Synchronization
import Testing

/// 100,000 jobs with `INGESTD_PRUNE_JOBS=100000`; 10,000 in every other run.
@Suite("Retention of many jobs")
struct PruneLoadTests {
  private static let jobs = ProcessInfo.processInfo.environment["INGESTD_PRUNE_JOBS"].flatMap { Int($0) } ?? 10_000

  @Test(
    "many jobs are pruned in short transactions, other writers continue meanwhile, and the file shrinks",
    arguments: StoreKind.allCases)
  func many(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let database = fixture.database
    try await Self.insert(Self.jobs, in: database)
    let clock = RunningClock(ahead: fixture.clock.now + .seconds(40 * 86_400))
    let store = Store(
      database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    let before = try await Self.pages(database)
    let (report, waits) = try await withThrowingTaskGroup(of: [Duration].self) { group in
      group.addTask {
        var waits: [Duration] = []
        while !Task.isCancelled {
          let begin = ContinuousClock.now
          try await database.write { db in _ = try db.run("UPDATE flow SET version = version + 1") }
          waits.append(ContinuousClock.now - begin)
        }
        return waits
      }
      let report = try await store.prune(Retention())
      group.cancelAll()
      return (report, try await group.next() ?? [])
    }
    let after = try await Self.pages(database)
    print(
      "pruned \(report.jobs) jobs and \(report.journal) lines in \(report.slices) slices, the longest \(report.longest);",
      "\(before) to \(after) pages; another writer's longest wait \(waits.max() ?? .zero) of \(waits.count)")
    #expect(report.jobs == Self.jobs)
    #expect(report.journal > Self.jobs * 5)
    // No slice has more rows than its pace allows, however busy the machine is.
    #expect(report.slices > Self.jobs * 6 / 256)
    #expect(after < before / 4)
    #expect(try await fixture.countersAreTrue())
    #expect(try await store.prune(Retention()).jobs == 0)
    #expect(try await database.integrityProblems() == [])
  }

  @Test(
    "a slice stops when its time is over, and never has more than 256 rows", arguments: StoreKind.allCases)
  func paced(on kind: StoreKind) async throws {
    for step: Int64 in [0, 1000] {
      let fixture = try await StoreFixture(kind)
      _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
      try await Self.insert(2000, in: fixture.database)
      let clock = SteppingClock(at: fixture.clock.now + .seconds(40 * 86_400), step: step)
      let store = Store(
        database: fixture.database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom())
      )
      let report = try await store.prune(Retention())
      #expect(report.jobs == 2000)
      // At a millisecond a row, a slice has time for three.
      #expect(report.slices * (step > 0 ? 3 : 256) >= report.jobs + report.journal)
    }
  }

  @Test(
    "a pass that is stopped between two slices leaves a consistent database for the next pass",
    arguments: StoreKind.allCases)
  func stopped(on kind: StoreKind) async throws {
    let pass = Mutex<Task<PruneReport, any Error>?>(nil)
    var faults = DatabaseFaults()
    faults.hidesCommit = {
      pass.withLock { $0?.cancel() }
      return false
    }
    let fixture = try await StoreFixture(kind, faults: faults)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    try await Self.insert(2000, in: fixture.database)
    fixture.clock.advance(by: .seconds(40 * 86_400))
    let store = fixture.store
    let retention = try Retention()
    // The pass is cancelled at its first commit.
    pass.withLock { $0 = Task { try await store.prune(retention) } }
    let cancelled = try #require(pass.withLock { $0 })
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    pass.withLock { $0 = nil }
    let left = try await store.status().completed
    #expect(left > 0)
    #expect(try await fixture.countersAreTrue())
    #expect(try await store.prune(retention).jobs == left)
    #expect(try await fixture.countersAreTrue())
  }

  /// Inserts completed jobs as an ingestion leaves them: four steps, six journal lines, two blobs each.
  private static func insert(_ count: Int, in database: Database) async throws {
    try await database.write { db in
      try db.run(
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
        INSERT INTO jobs (key, id, workflow_key, lane_key, source_key, generation_key, document_key, revision, content,
          blob_key, task, state, priority, rank, created_at, started_at, finished_at)
        SELECT 1000 + i, printf('01PLANTED%017d', i), workflow_key, lane_key, source_key, generation_key, document_key, i + 1,
          content, blob_key, task || printf('%400s', ''), 'completed', 0, rank, created_at, created_at, created_at + i / 1000
        FROM jobs, n WHERE jobs.key = 1
        """)
      try db.run("UPDATE sources SET completed = completed + \(count)")
      try db.run(
        """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3)
        INSERT INTO steps (job_key, position, step, result, started_at, finished_at)
        SELECT key, i, printf('step-%d', i), printf('{"text":"%300s"}', ''), created_at, created_at FROM jobs, n
        WHERE key > 1000
        """)
      try db.run(
        """
        INSERT INTO job_blobs (blob_key, job_key) SELECT i, key FROM jobs, (SELECT 1 AS i UNION SELECT 2) WHERE key > 1000
        """)
      try db.run(
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6)
        INSERT INTO journal (at, kind, actor, job_key) SELECT created_at, 'checkpointed', 'worker/1', key FROM jobs, n
        WHERE key > 1000
        """)
    }
  }

  private static func pages(_ database: Database) async throws -> Int {
    try await database.read { db in try db.first("PRAGMA page_count") { $0.int(0) } ?? 0 }
  }
}

/// A clock that advances by the same step at each reading.
private final class SteppingClock: TimeSource {
  private let elapsed = Mutex<Int64>(0)
  private let step: Int64
  let now: Timestamp
  let bootID = "boot-1"

  init(at now: Timestamp, step: Int64) {
    self.now = now
    self.step = step
  }

  var uptime: Int64 {
    elapsed.withLock { elapsed in
      elapsed += step
      return elapsed
    }
  }

  func sleep(for duration: Duration) async throws {}
}

/// The machine's own clock, with its wall clock set to another day.
private struct RunningClock: TimeSource {
  private let start = ContinuousClock.now
  private let day: Timestamp
  let bootID = "boot-1"

  init(ahead day: Timestamp) { self.day = day }

  var now: Timestamp { day + .microseconds(uptime) }
  var uptime: Int64 { (ContinuousClock.now - start).microseconds }
  func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
