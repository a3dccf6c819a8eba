import Foundation
import IngestTestKit
import Testing

@Suite("Retention and submit options from the command line")
struct RetentionJourneyTests {
  @Test("ended jobs are removed after their time while a worker runs, and indexed documents stay")
  func retention() async throws {
    let it = try DataFolderFixture()
    try it.configure(
      "retention: {completed: 0s, dead: forever, interval: 1s}")
    let path = try it.write("a.md", "# A\n\nkept in the index")
    try await it.ingest(path, "--key", "first")
    #expect(try await it.run("submit", DataFolderFixture.encryptedPDF).status == 0)
    let worker = try it.start("worker")
    try await it.eventually("the end of the completed job") { $0["completed"].int == 0 && $0["dead"].int == 1 }
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
    #expect(try await it.search("kept index") == ["a.md"])
    #expect(try await it.run("index", "verify", "docs").status == 0)
    let again = try #require(try await it.json("submit", path, "--key", "first").first)
    #expect(again["outcome"].text == "duplicate" && again["state"].text == "completed")
    #expect(try await it.json("submit", path).first?["outcome"].text == "unchanged")
    #expect(try await it.run("doctor").status == 0)
  }

  @Test("a worker killed while it prunes leaves a sound database, and the next worker continues")
  func killed() async throws {
    let it = try DataFolderFixture()
    try await it.ingest(try it.write("a.md", "# A\n\nwords"))
    try await DatabaseEdit.run(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO jobs (key, id, workflow_key, lane_key, source_key, generation_key, document_key, revision, content, task,
        state, priority, rank, created_at, started_at, finished_at)
      SELECT 1000 + i, printf('01PLANTED%017d', i), workflow_key, lane_key, source_key, generation_key, document_key, i + 1,
        content, task, 'completed', 0, rank, 0, 0, i
      FROM jobs, n WHERE jobs.key = 1;
      INSERT INTO steps (job_key, position, step, result, started_at, finished_at)
        SELECT key, 0, 'parse', printf('{"x":"%500s"}', ''), 0, 0 FROM jobs WHERE key > 1000;
      UPDATE sources SET completed = completed + 20000;
      """, on: it.data + "/ingestd.db")
    let first = try it.start("worker")
    try await it.eventually("the first slices") { ($0["completed"].int ?? 0) < 20_000 }
    first.signal(SIGKILL)
    _ = try await first.wait()
    let left = try #require(try await it.json("status").first?["completed"].int)
    #expect(left > 1)
    #expect(try await it.run("doctor").status == 0)
    let second = try it.start("worker")
    func size() -> Int {
      let attributes = try? FileManager.default.attributesOfItem(atPath: it.data + "/ingestd.db")
      return attributes?[.size] as? Int ?? .max
    }
    #expect(size() > 8_000_000)
    try await it.eventually("the last slices") { $0["completed"].int == 1 && size() < 3_000_000 }
    second.signal(SIGTERM)
    #expect(try await second.wait() == 0)
    #expect(try await it.run("doctor").status == 0)
  }

  @Test("--debounce postpones the start, and bad combinations are refused")
  func options() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# A\n\nwords")
    let line = try #require(
      try await it.json("submit", path, "--debounce", "1h", "--debounce-longest", "2h").first)
    let first = try #require(try await it.json("job", "show", line["job"].text).first)
    #expect(first["reason"].text == "scheduled")
    try it.write("a.md", "# A\n\nother words")
    let next = try #require(try await it.json("submit", path, "--debounce", "1h").first)
    #expect(try await it.json("job", "show", line["job"].text).first?["state"].text == "cancelled")
    #expect(next["job"].text != line["job"].text)
    for (words, code) in [
      (["--debounce", "2h", "--debounce-longest", "1h"], "DEBOUNCE_INVALID"),
      (["--debounce", "0s"], "DEBOUNCE_INVALID"),
      (["--debounce-longest", "1h"], "DEBOUNCE_MISSING"), (["--key-ttl", "1h"], "KEY_MISSING"),
      (["--delay", "9000d"], "START_TOO_FAR"), (["--at", "2999-01-01T00:00:00Z"], "START_TOO_FAR"),
    ] {
      let run = try await it.run(["submit", path] + words)
      #expect(run.status == 2 && run.says(code), "\(words): \(run.error)")
    }
    #expect(try await it.run("submit", path, "--delay", "1m", "--at", "2026-01-01T00:00:00Z").status == 2)
  }

  @Test("a start time in the past means now")
  func past() async throws {
    let it = try DataFolderFixture()
    try await it.ingest("--at", "2001-01-01T00:00:00Z", try it.write("b.md", "# B\n\npast"))
    #expect(try await it.search("past") == ["b.md"])
  }

  @Test("a chunk that the embedder refuses is lost alone: the document is found, and the index verifies")
  func lostChunk() async throws {
    let it = try DataFolderFixture()
    var limits = EmbeddingServer.Limits()
    limits.refuses = { $0.contains("poison") }
    let server = try EmbeddingServer(limits: limits)
    try it.configure(embedder: server)
    let text = (0..<40).map { "## Part \($0)\n\n" + ($0 == 20 ? "poison " : "") + "words of part \($0). ".repeated(40) }
    try await it.ingest(try it.write("a.md", text.joined(separator: "\n\n")))
    let job = try #require(try await it.json("job", "list").first)
    #expect(job["state"].text == "completed" && job["degraded"].bool == true)
    #expect(try await it.run("index", "verify", "docs").status == 0)
    #expect(try await it.search("poison", "--mode", "keyword") == ["a.md"])
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
