import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Running, failing, waiting")
struct RunTests {
  @Test("a checkpoint and a job's outcome are stored with their effects", arguments: StoreKind.allCases)
  func completes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let receipt = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker, chunks: 7)
    let report = try await fixture.store.job(try #require(receipt.job))
    #expect(report.state == .completed)
    #expect(report.steps.map(\.state) == [.completed, .completed])
    let document = try await fixture.store.document("/a", index: "docs", source: nil)
    #expect(document.held == 1)
    #expect(document.chunks == 7)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a failed attempt is retried when due, and counts only if it was spent", arguments: StoreKind.allCases)
  func retries(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let receipt = try await fixture.store.submit(StoreFixture.request("/a"))
    let id = try #require(receipt.job)
    let cases: [(QueuedReason, Bool, Int)] = [(.retrying, true, 1), (.throttled, false, 1), (.retrying, true, 2)]
    for (reason, spends, attempts) in cases {
      let job = try #require(try await fixture.claim(worker).first)
      try await fixture.store.finish(
        job.lease, .retry(fixture.failed(), after: .seconds(5), spends: spends, reason: reason), last: nil)
      #expect(try await fixture.claim(worker).isEmpty)
      let report = try await fixture.store.job(id)
      #expect(report.reason == reason.rawValue)
      #expect(report.nextAt == fixture.clock.now + .seconds(5))
      #expect(report.explanation?.contains("BROKEN") == true)
      #expect(report.steps[0].attempts == attempts)
      fixture.clock.advance(by: .seconds(5))
    }
    #expect(try await fixture.store.job(id).attempts.count == 3)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "consecutive waits for the same cause that spend no attempt are one line of a job's history",
    arguments: StoreKind.allCases)
  func remembersWaitsOnce(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/a")).job)
    let failures: [(Failure.Kind, Bool)] = [
      (.throttled, false), (.throttled, false), (.transient, true), (.transient, true), (.throttled, false),
      (.exhausted, false), (.exhausted, false),
    ]
    for (kind, spends) in failures {
      let job = try #require(try await fixture.claim(worker).first)
      try await fixture.store.finish(
        job.lease, .retry(fixture.failed(kind), after: .seconds(1), spends: spends, reason: .retrying), last: nil)
      fixture.clock.advance(by: .seconds(1))
    }
    let kinds = try await fixture.store.job(id).attempts.map(\.kind)
    #expect(kinds == [.throttled, .transient, .transient, .throttled, .exhausted])
  }

  @Test("a manual retry makes a queued job due now", arguments: StoreKind.allCases)
  func retriesNow(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/a")).job)
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(
      job.lease, .retry(fixture.failed(), after: .seconds(500), spends: true, reason: .retrying), last: nil)
    #expect(try await fixture.store.retry(id, actor: "test") == .queued)
    #expect(try await fixture.claim(worker).count == 1)
    await #expect { try await fixture.store.retry(id, actor: "test") } throws: {
      ($0 as? Failure)?.code == "JOB_NOT_QUEUED"
    }
  }

  @Test(
    "a dead letter keeps its chain of errors, and a redrive continues from the failed step",
    arguments: StoreKind.allCases
  )
  func redrives(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/a")).job)
    var job = try #require(try await fixture.claim(worker).first)
    try await fixture.store.checkpoint(job.lease, fixture.checkpoint(job, 0))
    var attempt = fixture.failed(.permanent, code: "BAD")
    attempt.position = 1
    attempt.failure.causes = [Failure(.transient, code: "BENEATH", "Deeper.")]
    try await fixture.store.finish(job.lease, .dead(attempt), last: nil)
    let letters = try await fixture.store.dead(JobFilter(code: "BAD"))
    #expect(letters.map(\.id) == [id.rawValue])
    #expect(letters[0].error.causes.map(\.code) == ["BENEATH"])
    #expect(try await fixture.store.dead(JobFilter(code: "OTHER")).isEmpty)
    #expect(try await fixture.store.redrive(JobFilter(ids: [id]), actor: "test").redriven == [id.rawValue])
    job = try #require(try await fixture.claim(worker).first)
    #expect(job.steps.first?.result == "{}")
    #expect(try await fixture.store.job(id).attempts.count == 1)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a redriven job of an older revision ends superseded", arguments: StoreKind.allCases)
  func redrivesStale(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/a", "A")).job)
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    let report = try await fixture.store.redrive(JobFilter(), actor: "test")
    #expect(report.superseded == [id.rawValue])
    #expect(try await fixture.store.job(id).state == .cancelled)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a purged dead letter is removed with everything that belongs to it", arguments: StoreKind.allCases)
  func purges(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/a")).job)
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    #expect(try await fixture.store.purge(JobFilter(), actor: "test") == 1)
    await #expect { try await fixture.store.job(id) } throws: { ($0 as? Failure)?.code == "JOB_NOT_FOUND" }
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a queued job is cancelled at once, a running one is asked to stop", arguments: StoreKind.allCases)
  func cancels(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let queued = try #require(try await fixture.store.submit(StoreFixture.request("/a")).job)
    #expect(try await fixture.store.cancel(queued, actor: "test") == .cancelled)
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/b")).job)
    let running = try #require(try await fixture.claim(worker).first)
    #expect(try await fixture.store.cancel(id, actor: "test") == .running)
    #expect(try await fixture.store.cancellations(worker) == [running.lease])
    try await fixture.store.finish(running.lease, .cancelled, last: nil)
    #expect(try await fixture.store.job(id).state == .cancelled)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a job past its deadline dies, even if it waits", arguments: StoreKind.allCases)
  func deadlines(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    var workflow = StoreFixture.workflow("hasty")
    workflow.definition.deadline = .seconds(60)
    workflow.version = ContentHash(rawValue: "hasty")
    let id = try #require(
      try await fixture.store.submit(
        StoreFixture.request("/a", workflow: workflow, notBefore: fixture.clock.now + .seconds(100))
      ).job)
    fixture.clock.advance(by: .seconds(61))
    #expect(try await fixture.claim(worker).isEmpty)
    #expect(try await fixture.store.job(id).error?.code == "DEADLINE_PASSED")
    #expect(try await fixture.countersAreTrue())
  }

  @Test("higher priority starts earlier, and enough waiting time outweighs priority", arguments: StoreKind.allCases)
  func priorities(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/low", priority: -10))
    fixture.clock.advance(by: .seconds(300))
    _ = try await fixture.store.submit(StoreFixture.request("/normal"))
    _ = try await fixture.store.submit(StoreFixture.request("/high", priority: 5))
    fixture.clock.advance(by: .seconds(900))
    _ = try await fixture.store.submit(StoreFixture.request("/late", priority: 0))
    var order: [String] = []
    for job in try await fixture.claim(worker, limit: 10) {
      order.append(try await fixture.store.job(job.lease.job).uri ?? "")
    }
    #expect(order == ["/high", "/normal", "/low", "/late"])
  }

  @Test("sources take turns, even if one of them has many jobs", arguments: StoreKind.allCases)
  func fairness(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    for number in 0..<50 { _ = try await fixture.store.submit(StoreFixture.request("/big/\(number)", source: "big")) }
    for number in 0..<3 {
      _ = try await fixture.store.submit(StoreFixture.request("/small/\(number)", source: "small"))
    }
    var order: [String] = []
    for _ in 0..<6 {
      let job = try #require(try await fixture.claim(worker).first)
      order.append(try await fixture.store.job(job.lease.job).source)
    }
    #expect(order.filter { $0 == "small" }.count == 3)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a worker bound to a source or an index takes nothing else", arguments: StoreKind.allCases)
  func scopes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", source: "one"))
    #expect(try await fixture.claim(worker, scope: WorkScope(sources: ["two"])).isEmpty)
    #expect(try await fixture.claim(worker, scope: WorkScope(indexes: ["other"])).isEmpty)
    #expect(try await fixture.claim(worker, scope: WorkScope(sources: ["one"], indexes: ["docs"])).count == 1)
  }

  @Test("a shortened job id is found if it is unique, and reported as ambiguous if not", arguments: StoreKind.allCases)
  func shortIDs(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let id = try #require(try await fixture.store.submit(StoreFixture.request("/a")).job)
    #expect(try await fixture.store.resolveJob(String(id.rawValue.prefix(12))) == id)
    #expect(try await fixture.store.resolveJob(id.rawValue.lowercased()) == id)
    _ = try await fixture.store.submit(StoreFixture.request("/b"))
    await #expect { try await fixture.store.resolveJob(String(id.rawValue.prefix(8))) } throws: {
      ($0 as? Failure)?.code == "JOB_AMBIGUOUS"
    }
    await #expect { try await fixture.store.resolveJob("ZZZZ") } throws: { ($0 as? Failure)?.code == "JOB_NOT_FOUND" }
  }
}
