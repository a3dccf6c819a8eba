import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Submitting with a key, a debounce or as a singleton")
struct SubmitOptionTests {
  private static func singleton(_ key: LimitKey, _ mode: Singleton.Mode) -> PinnedWorkflow {
    var workflow = StoreFixture.workflow("single")
    workflow.definition.singleton = Singleton(key: key, mode: mode)
    return workflow
  }

  private func state(_ job: JobID?, _ fixture: StoreFixture) async throws -> JobReport {
    try await fixture.store.job(try #require(job))
  }

  // MARK: Keys

  @Test("an expired key can be used as if new", arguments: StoreKind.allCases)
  func expiry(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    var request = StoreFixture.request("/a", "A", key: "k")
    request.keyLife = .seconds(60)
    let first = try await fixture.store.submit(request)
    fixture.clock.advance(by: .seconds(59))
    var other = StoreFixture.request("/a", "B", key: "k")
    other.keyLife = .seconds(60)
    await #expect {
      try await fixture.store.submit(other)
    } throws: {
      ($0 as? Failure)?.code == "IDEMPOTENCY_KEY_REUSED"
    }
    #expect(try await fixture.store.submit(request).job == first.job)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.store.settled([other]) == [nil])
    let second = try await fixture.store.submit(other)
    #expect(second.outcome == .accepted)
    // The key now belongs to the second submit, and lasts its full time again.
    fixture.clock.advance(by: .seconds(59))
    #expect(try await fixture.store.submit(other).job == second.job)
    await #expect(throws: Failure.self) { try await fixture.store.submit(request) }
  }

  // MARK: Debounce

  @Test(
    "the last submit wins and starts after the pause, but no later than the longest wait after the first",
    arguments: StoreKind.allCases)
  func debounce(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    func submit(_ text: String) async throws -> SubmitReceipt {
      var request = StoreFixture.request("/a", text)
      request.debounce = Debounce(period: .seconds(30), longest: .seconds(100))
      return try await fixture.store.submit(request)
    }
    let start = fixture.clock.now
    var last = try await submit("0")
    #expect(try await state(last.job, fixture).nextAt == start + .seconds(30))
    for number in 1...3 {
      fixture.clock.advance(by: .seconds(20))
      let next = try await submit("\(number)")
      #expect(try await state(last.job, fixture).state == .cancelled)
      #expect(try await state(next.job, fixture).nextAt == start + .seconds(20 * number + 30))
      last = next
    }
    fixture.clock.advance(by: .seconds(20))
    last = try await submit("4")
    #expect(try await state(last.job, fixture).nextAt == start + .seconds(100))
    #expect(try await fixture.claim(worker).isEmpty)
    fixture.clock.advance(by: .seconds(20))
    #expect(try await fixture.claim(worker).first?.lease.job == last.job)
    // A debounce ends when its job starts: the next series of submits has a new first one.
    let next = try await submit("5")
    #expect(try await state(next.job, fixture).reason == "after-previous")
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "an unchanged submit also postpones the start, within the longest wait", arguments: StoreKind.allCases)
  func sameAgain(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    var request = StoreFixture.request("/a", "A")
    request.workflow.definition.debounce = Debounce(period: .seconds(30), longest: .seconds(50))
    let start = fixture.clock.now
    let first = try await fixture.store.submit(request)
    fixture.clock.advance(by: .seconds(10))
    #expect(try await fixture.store.settled([request]) == [nil])
    let again = try await fixture.store.submit(request)
    #expect(again.outcome == .duplicate)
    #expect(again.job == first.job)
    #expect(try await state(first.job, fixture).nextAt == start + .seconds(40))
    fixture.clock.advance(by: .seconds(25))
    _ = try await fixture.store.submit(request)
    #expect(try await state(first.job, fixture).nextAt == start + .seconds(50))
  }

  @Test("each document has its own debounce, and a requested later start still applies", arguments: StoreKind.allCases)
  func perDocument(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    var request = StoreFixture.request("/a", "A", notBefore: fixture.clock.now + .seconds(500))
    request.debounce = Debounce(period: .seconds(30), longest: .seconds(100))
    let late = try await fixture.store.submit(request)
    #expect(try await state(late.job, fixture).nextAt == fixture.clock.now + .seconds(500))
    request.notBefore = nil
    request.uri = "/b"
    let other = try await fixture.store.submit(request)
    #expect(try await state(other.job, fixture).nextAt == fixture.clock.now + .seconds(30))
    #expect(try await state(late.job, fixture).state == .queued)
  }

  @Test(
    "an unchanged submit also postpones a job that waits behind a running one",
    arguments: StoreKind.allCases)
  func sameAgainBehind(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let running = try #require(try await fixture.claim(worker).first)
    var request = StoreFixture.request("/a", "B")
    request.debounce = Debounce(period: .seconds(30), longest: .seconds(100))
    let next = try await fixture.store.submit(request)
    fixture.clock.advance(by: .seconds(20))
    #expect(try await fixture.store.submit(request).job == next.job)
    let last = fixture.clock.now
    try await fixture.finish(running)
    #expect(try await state(next.job, fixture).nextAt == last + .seconds(30))
  }

  @Test(
    "a debounce series ends when its job has started, even if the job waits for a retry", arguments: StoreKind.allCases)
  func begun(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    var request = StoreFixture.request("/a", "A")
    request.debounce = Debounce(period: .seconds(30), longest: .seconds(50))
    let first = try await fixture.store.submit(request)
    fixture.clock.advance(by: .seconds(30))
    let job = try #require(try await fixture.claim(worker).first)
    let again = fixture.clock.now + .seconds(15)
    try await fixture.store.finish(
      job.lease, .retry(fixture.failed(), after: .seconds(15), spends: true, reason: .retrying), last: nil)
    // An unchanged submit does not postpone a job that has started.
    #expect(try await fixture.store.submit(request).job == first.job)
    #expect(try await state(first.job, fixture).nextAt == again)
    request.change = StoreFixture.request("/a", "B").change
    let next = try await fixture.store.submit(request)
    #expect(try await state(next.job, fixture).nextAt == fixture.clock.now + .seconds(30))
  }

  @Test("a start time in the past means now", arguments: StoreKind.allCases)
  func past(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let past = Timestamp(rawValue: 0)
    let receipt = try await fixture.store.submit(StoreFixture.request("/a", notBefore: past))
    #expect(try await fixture.claim(worker).first?.lease.job == receipt.job)
  }

  // MARK: Singletons

  @Test(
    "skip: while a job of the key is open, a submit is skipped and its answer names the open job",
    arguments: StoreKind.allCases)
  func skip(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let workflow = Self.singleton(.source, .skip)
    let first = try await fixture.store.submit(StoreFixture.request("/a", "A", workflow: workflow))
    let skipped = try await fixture.store.submit(StoreFixture.request("/b", "B", workflow: workflow, key: "k"))
    #expect(skipped.outcome == .skipped)
    #expect(skipped.job == first.job)
    #expect(skipped.state == .queued)
    #expect(skipped.revision == 0)
    #expect(try await fixture.store.documents(DocumentFilter(index: "docs")).map(\.uri) == ["/a"])
    #expect(try await fixture.store.blobRow(ContentHash(rawValue: "hash-of-B")) == nil)
    // Another source has its own key; so has another workflow.
    let other = StoreFixture.request("/b", "B", source: "other", workflow: workflow)
    #expect(try await fixture.store.submit(other).outcome == .accepted)
    #expect(try await fixture.store.submit(StoreFixture.request("/c", "C")).outcome == .accepted)
    let job = try #require(
      try await fixture.claim(worker, limit: 10).first { $0.lease.job == first.job })
    #expect(
      try await fixture.store.submit(StoreFixture.request("/b", "B", workflow: workflow)).state == .running)
    try await fixture.finish(job)
    // The skipped submit did not use up its idempotency key.
    let accepted = try await fixture.store.submit(StoreFixture.request("/b", "B", workflow: workflow, key: "k"))
    #expect(accepted.outcome == .accepted)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "cancel: a waiting older job is cancelled, a running one is asked to stop, and the newer one is queued",
    arguments: StoreKind.allCases)
  func cancel(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let workflow = Self.singleton(.meta("team"), .cancel)
    func submit(_ uri: String, _ team: String) async throws -> SubmitReceipt {
      var request = StoreFixture.request(uri, uri, workflow: workflow)
      request.meta = ["team": team]
      return try await fixture.store.submit(request)
    }
    let first = try await submit("/a", "x")
    let second = try await submit("/b", "x")
    let old = try await state(first.job, fixture)
    #expect(old.state == .cancelled)
    #expect(old.reason == "singleton")
    let other = try await submit("/c", "y")
    #expect(try await state(second.job, fixture).state == .queued)
    let running = try await fixture.claim(worker, limit: 10)
    #expect(Set(running.map(\.lease.job)) == [second.job, other.job])
    let third = try await submit("/d", "x")
    #expect(try await fixture.store.cancellations(worker).map(\.job) == [second.job])
    #expect(try await state(third.job, fixture).state == .queued)
    // Twice, while the first of them is still stopping.
    let fourth = try await submit("/e", "x")
    #expect(try await state(third.job, fixture).state == .cancelled)
    #expect(fourth.outcome == .accepted)
    for job in running { try await fixture.store.finish(job.lease, .cancelled, last: nil) }
    #expect(try await state(second.job, fixture).state == .cancelled)
    #expect(try await fixture.countersAreTrue())
  }

  @Test(
    "a new revision of the one document supersedes its waiting job, as without a singleton",
    arguments: StoreKind.allCases)
  func sameDocument(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let workflow = Self.singleton(.document, .cancel)
    let first = try await fixture.store.submit(StoreFixture.request("/a", "A", workflow: workflow))
    let second = try await fixture.store.submit(StoreFixture.request("/a", "B", workflow: workflow))
    #expect(try await state(first.job, fixture).reason == "superseded")
    #expect(try await state(second.job, fixture).state == .queued)
    let batch = try await fixture.store.submit(
      ["C", "D"].map { StoreFixture.request("/a", $0, workflow: workflow) })
    #expect(batch.map(\.outcome) == [.accepted, .accepted])
    #expect(try await fixture.countersAreTrue())
  }

  @Test("an accepted submit goes to every open generation, even if jobs are open there", arguments: StoreKind.allCases)
  func generations(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.openGeneration(
      index: "docs", spec: StoreFixture.spec, reindex: StoreFixture.workflow("reindex"), actor: "test")
    let workflow = Self.singleton(.source, .skip)
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A", workflow: workflow))
    let job = try #require(try await fixture.claim(worker, scope: WorkScope(sources: ["default"])).first)
    try await fixture.finish(job)
    #expect(
      try await fixture.store.submit(StoreFixture.request("/b", "B", workflow: workflow)).outcome == .accepted)
    let open = try await fixture.store.jobs(JobFilter(source: "default", state: .queued))
    #expect(Set(open.compactMap(\.uri)) == ["/a", "/b"])
    #expect(open.filter { $0.generation == 2 }.count == 2)
  }

  @Test(
    "a document that lost chunks is accepted again unchanged, and answered as unchanged once it is complete",
    arguments: StoreKind.allCases)
  func healing(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let request = StoreFixture.request("/a", "A")
    let receipt = try await fixture.store.submit(request)
    let job = try #require(try await fixture.claim(worker).first)
    let hold = CatalogueEffect.hold(
      index: "docs", generation: 1, document: receipt.document, revision: 1, change: .content, chunks: 50, lost: 1)
    try await fixture.store.checkpoint(job.lease, fixture.checkpoint(job, 0))
    try await fixture.store.finish(job.lease, .completed, last: fixture.checkpoint(job, 1, effects: [hold]))
    #expect(try await fixture.store.settled([request]) == [nil])
    let again = try await fixture.store.submit(request)
    #expect(again.outcome == .accepted)
    #expect(again.revision == 2)
    #expect(try await fixture.store.submit(request).outcome == .duplicate)
    try await fixture.complete(worker)
    #expect(try await fixture.store.submit(request).outcome == .unchanged)
  }
}
