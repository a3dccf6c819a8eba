import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Submitting")
struct SubmitTests {
  @Test("a new document is accepted and gets a job in the live generation", arguments: StoreKind.allCases)
  func accepts(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let receipt = try await fixture.store.submit(StoreFixture.request("/a"))
    #expect(receipt.outcome == .accepted)
    #expect(receipt.revision == 1)
    let job = try #require(receipt.job)
    let report = try await fixture.store.job(job)
    #expect(report.state == .queued)
    #expect(report.generation == 1)
    #expect(report.uri == "/a")
    #expect(try await fixture.countersAreTrue())
  }

  @Test("several submits are one transaction: all of them succeed or none does", arguments: StoreKind.allCases)
  func several(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let some = [StoreFixture.request("/a", "A"), StoreFixture.request("/b", "B"), StoreFixture.request("/a", "C")]
    let receipts = try await fixture.store.submit(some)
    #expect(receipts.map(\.outcome) == [.accepted, .accepted, .accepted])
    #expect(receipts.map(\.revision) == [1, 1, 2])
    await #expect(throws: Failure.self) {
      try await fixture.store.submit([StoreFixture.request("/c"), StoreFixture.request("/d", index: "none")])
    }
    #expect(try await fixture.store.documents(DocumentFilter(index: "docs")).map(\.uri) == ["/b", "/a"])
    #expect(try await fixture.countersAreTrue())
  }

  @Test("an unknown index is refused and leaves nothing", arguments: StoreKind.allCases)
  func refusesIndex(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    await #expect { try await fixture.store.submit(StoreFixture.request("/a", index: "dosc")) } throws: {
      ($0 as? Failure)?.code == "INDEX_NOT_FOUND" && ($0 as? Failure)?.category == .notFound
    }
    #expect(try await fixture.store.status().sourcesTotal == 0)
  }

  @Test(
    "the same bytes again are a duplicate while their job is open, and unchanged once held",
    arguments: StoreKind.allCases)
  func settles(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let first = try await fixture.store.submit(StoreFixture.request("/a"))
    let again = try await fixture.store.submit(StoreFixture.request("/a"))
    #expect(again.outcome == .duplicate)
    #expect(again.job == first.job)
    try await fixture.complete(worker)
    let held = try await fixture.store.submit(StoreFixture.request("/a"))
    #expect(held.outcome == .unchanged)
    #expect(held.job == nil)
    #expect(try await fixture.store.settled([StoreFixture.request("/a")]).map(\.?.outcome) == [.unchanged])
    #expect(try await fixture.store.settled([StoreFixture.request("/a", "other")]) == [nil])
  }

  @Test(
    "a change whose job is open is a duplicate, not unchanged, whichever revision is held",
    arguments: StoreKind.allCases)
  func onItsWay(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    try await fixture.complete(worker)
    let next = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    let again = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    #expect(again.outcome == .duplicate)
    #expect(again.job == next.job)
  }

  @Test(
    "another password is a new revision until the document is held, and changes nothing after that",
    arguments: StoreKind.allCases)
  func anotherPassword(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    func request(_ password: String?) -> SubmitRequest {
      var request = StoreFixture.request("/a")
      request.passwordFile = password
      return request
    }
    _ = try await fixture.store.submit(request("/wrong"))
    #expect(try await fixture.store.submit(request("/wrong")).outcome == .duplicate)
    #expect(try await fixture.store.settled([request("/right")]) == [nil])
    let right = try await fixture.store.submit(request("/right"))
    #expect(right.outcome == .accepted && right.revision == 2)
    #expect(try await fixture.store.submit(request(nil)).outcome == .duplicate)
    try await fixture.complete(worker)
    #expect(try await fixture.store.submit(request("/wrong")).outcome == .unchanged)
  }

  @Test("the same bytes after a dead job are a new revision", arguments: StoreKind.allCases)
  func afterDeath(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    let job = try #require(try await fixture.claim(worker).first)
    try await fixture.store.finish(job.lease, .dead(fixture.failed(.permanent)), last: nil)
    let again = try await fixture.store.submit(StoreFixture.request("/a"))
    #expect(again.outcome == .accepted)
    #expect(again.revision == 2)
  }

  @Test("other metadata or another workflow is a new revision", arguments: StoreKind.allCases)
  func metadata(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    var request = StoreFixture.request("/a")
    request.meta = ["year": "2026"]
    #expect(try await fixture.store.submit(request).outcome == .accepted)
    try await fixture.complete(worker)
    request.workflow = StoreFixture.workflow("other")
    #expect(try await fixture.store.submit(request).revision == 3)
  }

  @Test(
    "submitting A, B and A again gives three revisions, and the older queued jobs end superseded",
    arguments: StoreKind.allCases)
  func supersedes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let first = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let second = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    let third = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    #expect([first, second, third].map(\.revision) == [1, 2, 3])
    for receipt in [first, second] {
      let report = try await fixture.store.job(try #require(receipt.job))
      #expect(report.state == .cancelled)
      #expect(report.reason == "superseded")
    }
    #expect(try await fixture.store.job(try #require(third.job)).state == .queued)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("a newer revision waits for the running one, then starts", arguments: StoreKind.allCases)
  func waitsItsTurn(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    _ = try await fixture.store.submit(StoreFixture.request("/a", "A"))
    let running = try #require(try await fixture.claim(worker).first)
    let next = try await fixture.store.submit(StoreFixture.request("/a", "B"))
    #expect(try await fixture.claim(worker).isEmpty)
    #expect(try await fixture.store.job(try #require(next.job)).reason == "after-previous")
    try await fixture.finish(running)
    let claimed = try #require(try await fixture.claim(worker).first)
    #expect(claimed.lease.job == next.job)
    #expect(try await fixture.countersAreTrue())
  }

  @Test("an idempotency key returns the first answer again and refuses other content", arguments: StoreKind.allCases)
  func idempotency(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let first = try await fixture.store.submit(StoreFixture.request("/a", "A", key: "k"))
    try await fixture.complete(worker)
    let again = try await fixture.store.submit(StoreFixture.request("/a", "A", key: "k"))
    #expect(again.outcome == .duplicate)
    #expect(again.job == first.job)
    #expect(again.state == .completed)
    await #expect { try await fixture.store.submit(StoreFixture.request("/a", "B", key: "k")) } throws: {
      ($0 as? Failure)?.code == "IDEMPOTENCY_KEY_REUSED"
    }
    #expect(
      try await fixture.store.submit(StoreFixture.request("/b", "B", source: "other", key: "k")).outcome == .accepted)
  }

  @Test(
    "deleting a document that was never submitted is refused; deleting a known one is a revision",
    arguments: StoreKind.allCases)
  func deletes(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    var delete = StoreFixture.request("/a", workflow: StoreFixture.workflow("delete"))
    delete.change = .delete
    await #expect { try await fixture.store.submit(delete) } throws: { ($0 as? Failure)?.code == "DOCUMENT_NOT_FOUND" }
    _ = try await fixture.store.submit(StoreFixture.request("/a"))
    try await fixture.complete(worker)
    #expect(try await fixture.store.submit(delete).revision == 2)
    try await fixture.complete(worker)
    #expect(try await fixture.store.submit(delete).outcome == .unchanged)
    #expect(try await fixture.store.submit(StoreFixture.request("/a")).revision == 3)
  }

  @Test("a delayed document is not claimed before its time", arguments: StoreKind.allCases)
  func delays(on kind: StoreKind) async throws {
    let fixture = try await StoreFixture(kind)
    let worker = try await fixture.worker()
    let due = fixture.clock.now + .seconds(60)
    let receipt = try await fixture.store.submit(StoreFixture.request("/a", notBefore: due))
    let report = try await fixture.store.job(try #require(receipt.job))
    #expect(report.reason == "scheduled")
    #expect(report.nextAt == due)
    #expect(try await fixture.claim(worker).isEmpty)
    fixture.clock.advance(by: .seconds(60))
    #expect(try await fixture.claim(worker).count == 1)
    #expect(try await fixture.countersAreTrue())
  }
}
