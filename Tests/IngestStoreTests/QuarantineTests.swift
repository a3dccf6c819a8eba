import IngestCore
import IngestStore
import IngestTestKit
import Testing

@Suite("Quarantined content")
struct QuarantineTests {
  @Test("a content lists the documents that have it, and no others", arguments: StoreKind.allCases)
  func documents(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let worker = try await it.worker()
    _ = try await it.store.submit(StoreFixture.request("/bad", "bad"))
    #expect(try await it.claim(worker).count == 1)
    _ = try await it.store.reclaim(dead: worker)
    for uri in ["/good", "/other"] { _ = try await it.store.submit(StoreFixture.request(uri, uri)) }
    let one = try #require(try await it.store.quarantine().first)
    #expect(one.content == "hash-of-bad" && one.uri == "/bad" && one.documents == 1)
    _ = try await it.store.submit(StoreFixture.request("/copy", "bad"))
    let two = try #require(try await it.store.quarantine().first)
    #expect(two.uri == "/bad" && two.documents == 2)
    _ = try await it.store.submit(StoreFixture.request("/bad", "better"))
    _ = try await it.store.submit(StoreFixture.request("/copy", "better"))
    let none = try #require(try await it.store.quarantine().first)
    #expect(none.uri == nil && none.documents == 0)
  }
}
