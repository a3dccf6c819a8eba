import Foundation
import IngestTestKit
import Testing

@Suite("Dead letters and idempotency from the command line")
struct DeadLetterTests {
  @Test("a wrong embedder dimension makes a dead letter; a redrive continues from the failed step")
  func redrive() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer(script: [.dimension(4)])
    try it.configure(embedder: server)
    let path = try it.write("a.md", "# A\n\nwords to embed")
    #expect(try await it.run("submit", path).status == 0)
    try await it.drain()
    let letter = try #require(try await it.json("dead", "list").first)
    #expect(
      letter.keys.isSuperset(of: [
        "id", "kind", "job", "source", "index", "generation", "uri", "step", "attempts", "died_at", "error",
      ]))
    #expect(letter["kind"].text == "job" && letter["step"].text == "embed" && letter["attempts"].int == 1)
    #expect(letter["error"]["hint"].text != "" && letter["error"]["code"].text != "")
    let id = letter["id"].text
    let shown = try await it.run("dead", "show", id)
    #expect(shown.output.contains("hint: ") && shown.output.contains("(\(letter["error"]["code"].text))"))
    #expect(try await it.json("dead", "show", id).first?["history_total"].int == 1)
    #expect(try await it.run("job", "show", id).output.contains("dead letter"))
    #expect(try await it.run("document", "list").output.contains("dead"))

    let bare = try await it.run("dead", "redrive")
    #expect(bare.status == 2 && bare.says("DEAD_SELECTION_MISSING"))
    #expect(try await it.run("dead", "purge", id, "--all").status == 2)
    #expect(try await it.run("dead", "redrive", "01ZZZZZZ").status == 3)
    let other = try await it.json("dead", "redrive", "--all", "--code", "SOMETHING_ELSE")
    #expect(other.first?["redriven_total"].int == 0)
    let parsed = try #require(try await it.json("job", "show", id).first)["steps"][0]
    #expect(try await it.json("dead", "redrive", String(id.prefix(20))).first?["redriven"].list == [.text(id)])
    try await it.drain()
    let job = try #require(try await it.json("job", "show", id).first)
    #expect(job["state"].text == "completed")
    #expect(job["steps"][0] == parsed, "a step with a checkpoint does not run again")
    #expect(try await it.search("words to embed") == ["a.md"])
  }

  @Test("a purge removes dead letters, and submitting the document again is a new revision")
  func purge() async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", DataFolderFixture.encryptedPDF).status == 0)
    let waited = try await it.run("worker", "--drain")
    #expect(waited.status == 0)
    #expect(try await it.json("dead", "list", "--code", "PDF_ENCRYPTED").count == 1)
    #expect(try await it.run("document", "text", DataFolderFixture.encryptedPDF).status == 1)
    #expect(try await it.json("dead", "purge", "--all").first?["purged"].int == 1)
    #expect(try await it.run("dead", "list").output == "")
    let again = try #require(try await it.json("submit", DataFolderFixture.encryptedPDF).first)
    #expect(again["outcome"].text == "accepted" && again["revision"].int == 2)
  }

  @Test("a drain that is left with jobs without quota exits 75 and says why")
  func quota() async throws {
    let it = try DataFolderFixture()
    try it.configure(embedder: try EmbeddingServer(script: [.quota]))
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    let drained = try await it.run("worker", "--drain")
    #expect(drained.status == 75 && drained.says("DRAIN_STUCK"), "\(drained.error)")
    let job = try #require(try await it.json("job", "list").first)
    #expect(job["reason"].text == "exhausted" && job["explanation"].text.contains("quota"))
  }

  @Test("an idempotency key returns the same answer again, and is refused with other content")
  func key() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "first content")
    let first = try #require(try await it.json("submit", path, "--key", "k1").first)
    let second = try #require(try await it.json("submit", path, "--key", "k1").first)
    #expect(second["job"] == first["job"] && second["outcome"].text == "duplicate")
    try it.write("a.md", "other content")
    let other = try await it.run("submit", path, "--key", "k1", "--json")
    #expect(other.output.contains("IDEMPOTENCY_KEY_REUSED"))
    #expect(other.status == 4)
    try await it.drain()
    #expect(try await it.run("submit", path, "--key", "k1").status == 4, "the key outlives its job")
    #expect(try await it.run("submit", path, "--key", "k1", "--source", "other").status == 0)
  }
}
