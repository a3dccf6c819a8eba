import Foundation
import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// `schema-3.sql` is a dump of a database at migration 3: two generations, one still being filled, and jobs that are
/// queued, due later, in flight in a worker that was killed, completed, dead, and waiting for each other, for a person,
/// for a signal and for children; two schedules, and idempotency keys.
@Suite("A data folder from the version before jobs without an index")
struct UpgradeTests {
  private static func upgraded(_ kind: StoreKind) async throws -> StoreFixture {
    let file = Bundle.module.bundleURL.appendingPathComponent("Fixtures/schema-3.sql")
    return try await StoreFixture(
      kind, dump: try String(contentsOf: file, encoding: .utf8),
      clock: ManualClock(start: Timestamp(rawValue: 1_795_885_000_000_000), bootID: "another boot"))
  }

  @Test("the folder opens, and its schema equals that of a new database", arguments: StoreKind.allCases)
  func opens(on kind: StoreKind) async throws {
    let it = try await Self.upgraded(kind)
    #expect(try await it.database.integrityProblems(quick: false).isEmpty)
    let new = try await StoreFixture(kind)
    let query: SQL = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    func schema(_ database: Database) async throws -> [String] {
      try await database.read { db in
        try db.rows(query) { row in
          let words = (row.optionalText(2) ?? "").split { $0 == " " || $0 == "\n" }.joined(separator: " ")
          return "\(row.text(0)) \(row.text(1)): \(words)"
        }
      }
    }
    #expect(try await schema(it.database) == schema(new.database))
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
  }

  @Test("every job is still there, unchanged", arguments: StoreKind.allCases)
  func jobs(on kind: StoreKind) async throws {
    let it = try await Self.upgraded(kind)
    let jobs = try await it.store.jobs(JobFilter(limit: 100))
    #expect(jobs.count == 24)
    #expect(jobs.allSatisfy { $0.index == "docs" && ($0.generation == 1 || $0.generation == 2) })
    let states = Dictionary(grouping: jobs, by: \.state).mapValues(\.count)
    #expect(states == [.queued: 9, .running: 2, .waiting: 9, .completed: 2, .dead: 2])
    let waits = Dictionary(grouping: jobs.compactMap(\.waitsFor), by: \.kind).mapValues(\.count)
    #expect(waits == [.generation: 1, .approval: 2, .children: 2, .signal: 4])
    #expect(try await it.store.dead(JobFilter()).map(\.error.code) == ["EXEC_FAILED", "EXEC_FAILED"])
    #expect(try await it.store.schedules().map(\.spec.run.index) == ["docs", "docs"])
    #expect(try await it.store.workers().count == 1)
  }

  @Test(
    "work continues: jobs of the dead worker, waits, children, schedules, dead letters and keys, and new jobs",
    arguments: StoreKind.allCases)
  func works(on kind: StoreKind) async throws {
    let it = try await Self.upgraded(kind)
    for worker in try await it.store.workers() {
      _ = try await it.store.reclaim(dead: WorkerID(rawValue: worker.worker))
    }
    #expect(try await it.store.status().running == 0)
    #expect(try await it.store.redrive(JobFilter(), actor: "test").redriven.count == 2)
    let alone = try await it.start()
    let key = await #expect(throws: Failure.self) { try await it.store.enqueue(StoreFixture.start(key: "k1")) }
    #expect(key?.code == "IDEMPOTENCY_KEY_REUSED")
    let worker = try await it.worker()
    let reindex = try #require(
      try await it.store.jobs(JobFilter(state: .waiting, limit: 100)).first { $0.waitsFor?.kind == .generation })
    for _ in 0..<100 {
      for job in try await it.store.jobs(JobFilter(state: .waiting, limit: 100)) {
        let id = JobID(rawValue: job.job)
        switch job.waitsFor?.kind {
        case .approval: _ = try await it.store.approve(id, step: nil, approved: true, reason: nil, actor: "ann")
        case .signal: _ = try await it.store.signal(id, name: "go", data: "1", actor: "ann")
        case .generation, .children, nil: break
        }
      }
      let claimed = try await it.claim(worker, limit: 8)
      for job in claimed { try await it.store.finish(job.lease, .completed, last: nil) }
      if claimed.isEmpty { it.clock.advance(by: .seconds(10 * 86_400)) }
      if try await it.store.status().queued + it.store.status().waiting == 0 { break }
    }
    let status = try await it.store.status()
    #expect(status.queued == 0 && status.waiting == 0 && status.running == 0 && status.dead == 0)
    #expect(try await it.store.job(alone).state == .completed)
    #expect(try await it.store.job(JobID(rawValue: reindex.job)).state == .completed)
    let started = try await it.store.runSchedule("hourly", workflow: StoreFixture.workflow("leaf"), actor: "test")
    guard case .started(let id) = started else {
      Issue.record("the schedule did not start")
      return
    }
    #expect(try await it.store.job(id).index == "docs")
    let isTrue = try await it.countersAreTrue()
    #expect(isTrue)
    #expect(try await it.childGroupsAreTrue())
    #expect(try await it.database.integrityProblems(quick: false).isEmpty)
  }
}
