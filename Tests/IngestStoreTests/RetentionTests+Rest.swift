import FoundationEssentials
import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Rows that remain when jobs are gone: lanes, gates and tombstones.
extension RetentionTests {
  @Test(
    "idle lanes of single values and full buckets are removed; a pause, a breaker and a bucket in use are not",
    arguments: StoreKind.allCases)
  func lanesAndGates(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    let bucket = TokenBucket(try RateSpec("1/2h"))
    guard case .granted(let state) = bucket.take(at: fixture.clock.uptime) else { return }
    let stored = try JSONEncoder().encode(StoredBucket(boot: fixture.clock.bootID, bucket: state))
    let text = String(decoding: stored, as: UTF8.self)
    try await fixture.database.write { db in
      try db.run(
        """
        INSERT INTO lanes (key, source_key, generation_key, workflow, gates)
        SELECT 100, source_key, generation_key, 'w', '{"a":1}' FROM lanes LIMIT 1
        """)
      try db.run(
        """
        INSERT INTO lanes (key, source_key, generation_key, workflow, gates)
        SELECT 101, source_key, generation_key, 'w', '{"b":1}' FROM lanes LIMIT 1
        """)
      try db.run("UPDATE jobs SET lane_key = 101 WHERE id = \(jobs.dead.rawValue)")
      let now = fixture.clock.now.rawValue
      for (name, kind) in [
        ("t", "throttle"), ("r", "rate-limit"), ("c", "concurrency"), ("p", "pause"), ("d", "dependency"),
      ] {
        let state: String? = kind == "throttle" || kind == "rate-limit" ? text : nil
        try db.run("INSERT INTO gates (name, kind, state, changed_at) VALUES (\(name), \(kind), \(state), \(now))")
      }
    }
    fixture.clock.advance(by: .seconds(1800))
    var report = try await fixture.store.prune(Retention())
    #expect(report.lanes == 1)
    // A gate that was in use within the hour stays, since it would soon be made again.
    #expect(report.gates == 0)
    fixture.clock.advance(by: .seconds(1900))
    report = try await fixture.store.prune(Retention())
    // Only the concurrency limit: the buckets are not full before two hours have passed.
    #expect(report.gates == 1)
    fixture.clock.advance(by: .seconds(3700))
    report = try await fixture.store.prune(Retention())
    #expect(report.gates == 2)
    #expect(try await rows(fixture, "SELECT count(*) FROM gates WHERE kind IN ('pause', 'dependency')") == 2)
    #expect(try await rows(fixture, "SELECT count(*) FROM lanes WHERE key = 101") == 1)
  }

  @Test(
    "the lanes of a deleted generation are removed once its jobs are gone; those of an open one stay",
    arguments: StoreKind.allCases)
  func lanesOfDeleted(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.green()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    for _ in 0..<3 { _ = try await fixture.complete(worker) }
    _ = try await fixture.store.closeGeneration("docs", 2, actor: "ann")
    let lanes: SQL = "SELECT count(*) FROM lanes WHERE generation_key = 2"
    #expect(try await rows(fixture, lanes) == 2)
    #expect(try await fixture.store.prune(Retention()).lanes == 0)
    fixture.clock.advance(by: .seconds(8 * 86_400))
    #expect(try await fixture.store.prune(Retention()).lanes == 2)
    #expect(try await rows(fixture, lanes) == 0)
    #expect(try await rows(fixture, "SELECT count(*) FROM lanes") == 1)
  }

  @Test(
    "a lane that is the base of another lane is kept, and so is a gate that keeps a lane or a source closed",
    arguments: StoreKind.allCases)
  func ties(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let jobs = try await ended(fixture)
    try await fixture.database.write { db in
      for (key, gates) in [(100, "a"), (101, "b"), (102, "c")] {
        try db.run(
          """
          INSERT INTO lanes (key, source_key, generation_key, workflow, gates)
          SELECT \(key), source_key, generation_key, 'w', \(gates) FROM lanes LIMIT 1
          """)
      }
      for (key, name) in [(1, "lane"), (2, "source"), (3, "none")] {
        try db.run("INSERT INTO gates (key, name, kind, changed_at) VALUES (\(key), \(name), 'concurrency', 0)")
      }
      try db.run("UPDATE lanes SET base_key = 100, closed = 1, closed_by = 1 WHERE key = 101")
      try db.run("UPDATE jobs SET lane_key = 101 WHERE id = \(jobs.dead.rawValue)")
      try db.run("UPDATE sources SET closed = 1, closed_by = 2")
    }
    let report = try await fixture.store.prune(Retention())
    #expect((report.lanes, report.gates) == (1, 1))
    #expect(try await rows(fixture, "SELECT count(*) FROM lanes WHERE key IN (100, 101)") == 2)
    #expect(try await rows(fixture, "SELECT count(*) FROM gates WHERE key IN (1, 2)") == 2)
  }

  @Test("a bucket of an earlier boot does not count as full because that boot was long", arguments: StoreKind.allCases)
  func otherBoot(on kind: StoreKind) async throws {
    let clock = ManualClock()
    let fixture = try await StoreFixture(kind, clock: clock)
    guard case .granted(let state) = TokenBucket(try RateSpec("1/2h")).take(at: 0) else { return }
    let stored = try JSONEncoder().encode(StoredBucket(boot: "an earlier boot", bucket: state))
    try await edit(
      fixture,
      """
      INSERT INTO gates (name, kind, state, changed_at)
      VALUES ('t', 'throttle', \(String(decoding: stored, as: UTF8.self)), 0)
      """)
    clock.advance(by: .seconds(100_000))
    #expect(try await fixture.store.prune(Retention()).gates == 0)
    clock.advance(by: .seconds(7100))
    #expect(try await fixture.store.prune(Retention()).gates == 0)
    clock.advance(by: .seconds(200))
    #expect(try await fixture.store.prune(Retention()).gates == 1)
  }

  @Test(
    "a tombstone stays for at least a day under any retention, and while its delete is not held",
    arguments: StoreKind.allCases)
  func youngTombstones(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let retention = try Retention(completed: .seconds(1), cancelled: .seconds(1))
    func delete(_ uri: String, held: Bool) async throws -> DocumentID {
      let receipt = try await fixture.store.submit(StoreFixture.request(uri, uri))
      try await fixture.complete(worker)
      var delete = StoreFixture.request(uri)
      delete.change = .delete
      let job = try #require(try await fixture.store.submit(delete).job)
      if held { try await fixture.complete(worker) } else { _ = try await fixture.store.cancel(job, actor: "test") }
      return receipt.document
    }
    let documents = [try await delete("/a", held: true), try await delete("/b", held: false)]
    func settled() async throws -> Set<DocumentID> {
      try await fixture.store.settledDeletes(
        documents.map { (document: $0, revision: 2) }, index: "docs", generation: 1)
    }
    fixture.clock.advance(by: Self.day - .seconds(1))
    #expect(try await fixture.store.prune(retention).jobs == 4)
    let early = try await settled()
    #expect(early.isEmpty)
    fixture.clock.advance(by: .seconds(2))
    let late = try await settled()
    #expect(late == [documents[0]])
  }

  @Test("a tombstone is removed a day after its delete, once no older job is kept", arguments: StoreKind.allCases)
  func tombstones(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let receipt = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    try await fixture.complete(worker)
    var delete = StoreFixture.request("/a")
    delete.change = .delete
    _ = try await fixture.store.submit(delete)
    try await fixture.complete(worker)
    func settled() async throws -> Set<DocumentID> {
      try await fixture.store.settledDeletes(
        [(document: receipt.document, revision: 2)], index: "docs", generation: 1)
    }
    fixture.clock.advance(by: Self.day * 2)
    let early = try await settled()
    #expect(early.isEmpty)
    fixture.clock.advance(by: Self.day * 6)
    _ = try await fixture.store.prune(Retention())
    #expect(try await settled() == [receipt.document])
    _ = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    let late = try await settled()
    #expect(late.isEmpty)
  }
}

/// A bucket in the form that the store writes.
private struct StoredBucket: Encodable {
  var boot: String
  var bucket: TokenBucket.State
}
