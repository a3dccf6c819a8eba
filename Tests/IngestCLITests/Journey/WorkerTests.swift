import Foundation
import IngestTestKit
import Testing

@Suite("Several workers, and workers beside submits")
struct WorkerTests {
  private func manyDocuments(_ it: DataFolderFixture, _ count: Int) throws {
    for number in 0..<count { try it.write("doc\(number).md", "# Document \(number)\n\nIt is about number \(number).") }
  }

  @Test("--wait without a worker says so at once, names the command to start one, and keeps the submitted job")
  func noWorker() async throws {
    let it = try DataFolderFixture()
    let run = try await it.run("submit", try it.write("a.md", "words"), "--wait")
    #expect(run.status == 75)
    #expect(run.says("NO_WORKER") && run.error.contains("ingestd worker --data \(it.data)"))
    let job = try #require(try await it.json("job", "list").first)["job"].text
    #expect(try await it.run("job", "wait", job).status == 75)
    #expect(try await it.run("job", "show", job).output.contains("No worker is running"))
    try await it.drain()
    #expect(try await it.run("job", "wait", job).status == 0)
  }

  @Test("--wait follows jobs that a worker in another process runs; SIGTERM ends that worker with exit 0")
  func wait() async throws {
    let it = try DataFolderFixture()
    let worker = try it.start("worker")
    try await it.eventually("a worker") { $0["workers"][0]["alive"].bool == true }
    let run = try await it.run("submit", try it.write("a.md", "# A\n\nwords"), "--wait")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.contains("1 completed: 1 page, 1 chunk"), "\(run.output)")
    #expect(try await it.search("words") == ["a.md"])
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
    #expect(try await it.json("status").first?["workers"].list.isEmpty == true)
  }

  @Test("two workers share the jobs: each job runs once, and the index matches the catalogue exactly")
  func two() async throws {
    let it = try DataFolderFixture()
    try manyDocuments(it, 40)
    #expect(try await it.run("submit", it.documents).status == 0)
    async let first = it.run("worker", "--drain", "--concurrency", "2")
    async let second = it.run("worker", "--drain", "--concurrency", "2")
    #expect(try await [first.status, second.status] == [0, 0])
    let jobs = try await it.json("job", "list", "--limit", "100")
    #expect(jobs.count == 40)
    #expect(jobs.allSatisfy { $0["state"].text == "completed" })
    #expect(jobs.allSatisfy { $0["steps"].list.allSatisfy { $0["attempts"].int == 1 } })
    #expect(try await it.run("index", "verify", "docs").status == 0)
  }

  @Test("a worker that is stopped releases its job and spends no attempt")
  func handsBack() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer(script: [.hang])
    try it.configure(embedder: server, more: "worker:\n  shutdown-grace: 200ms\n")
    let worker = try it.start("worker")
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    try await eventually("the embedding") { server.http.requests.count > 0 }
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
    let job = try #require(try await it.json("job", "list").first)
    #expect(job["state"].text == "queued" && job["reason"].text == "ready")
    #expect(job["steps"].list.first { $0["id"].text == "embed" }?["attempts"].int == 0)
    try await it.drain()
    #expect(try await it.search("words") == ["a.md"])
  }

  @Test("a cancel wakes the worker, which ends the running job")
  func cancel() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer(script: [.hang])
    try it.configure(embedder: server, more: DataFolderFixture.rareHeartbeats)
    let worker = try it.start("worker")
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    try await eventually("the embedding") { server.http.requests.count > 0 }
    let job = try #require(try await it.json("job", "list").first)["job"].text
    let asked = try await it.run("job", "cancel", job)
    #expect(asked.status == 0 && asked.output.contains("asked to stop"))
    let waited = try await it.run("job", "wait", job, "--timeout", "9m")
    #expect(waited.status == 1 && waited.output.contains("1 cancelled"))
    let cancelled = try #require(try await it.json("job", "show", job).first)
    #expect(cancelled["finished_at"].text != "")
    let again = try await it.run("job", "cancel", job)
    #expect(again.status == 4 && again.says("JOB_ENDED"))
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
  }

  @Test("job wait gives up after --timeout with exit 75, and the job continues")
  func waitTimeout() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer(script: [.hang])
    try it.configure(embedder: server, more: "worker:\n  shutdown-grace: 100ms\n")
    let worker = try it.start("worker")
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    let job = try #require(try await it.json("job", "list").first)["job"].text
    try await eventually("the embedding") { server.http.requests.count > 0 }
    let waited = try await it.run("job", "wait", job, "--timeout", "300ms")
    #expect(waited.status == 75 && waited.says("WAIT_TIMEOUT"))
    worker.signal(SIGKILL)
    _ = try await worker.wait()
    let status = try #require(try await it.json("status").first)
    #expect(status["workers"][0]["alive"].bool == false, "its row stays, marked as dead")
    #expect(try await it.run("status").output.contains("dead"))
    #expect(try await it.run("job", "show", job).output.contains("Its worker died"))
    try await it.drain()
    #expect(try await it.run("job", "wait", job).status == 0)
  }

  @Test("a job with a later start time shows it, and job retry starts it now")
  func later() async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try it.write("a.md", "words"), "--delay", "1h").status == 0)
    let job = try #require(try await it.json("job", "list", "--state", "queued").first)
    #expect(job["reason"].text == "scheduled" && job["next_at"].text != "")
    let shown = try await it.run("job", "show", String(job["job"].text.prefix(12)))
    #expect(shown.output.contains("scheduled to start later"))
    for line in shown.lines { #expect(line.count <= 80, "\(line)") }
    #expect(try await it.run("job", "retry", job["job"].text).status == 0)
    try await it.drain()
    let refused = try await it.run("job", "retry", job["job"].text)
    #expect(refused.status == 4 && refused.says("JOB_NOT_QUEUED"))
  }

  @Test("a job that was cancelled before it started never runs")
  func cancelQueued() async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    let job = try #require(try await it.json("job", "list").first)["job"].text
    #expect(try await it.json("job", "cancel", job).first?["state"].text == "cancelled")
    try await it.drain()
    #expect(try await it.search("words").isEmpty)
    let both = try await it.run("job", "cancel", job, "01ZZZZZZ")
    #expect(both.status == 4 && both.error.contains("JOB_NOT_FOUND"))
  }

  @Test("a document at which three workers died is quarantined; a redrive tries it again")
  func quarantine() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer(script: [.hang, .hang, .hang])
    try it.configure(embedder: server)
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    for death in 1...3 {
      let worker = try it.start("worker")
      try await eventually("embedding \(death)") { server.http.requests.count >= death }
      worker.signal(SIGKILL)
      #expect(try await worker.wait() == 128 + SIGKILL)
    }
    try await it.drain()
    let letter = try #require(try await it.json("dead", "list").first)
    #expect(letter["error"]["kind"].text == "poison", "\(letter)")
    #expect(server.http.requests.count == 3, "no fourth try")
    #expect(try await it.json("dead", "redrive", letter["id"].text).first?["redriven_total"].int == 1)
    try await it.drain()
    #expect(try await it.search("words") == ["a.md"])
    #expect(try await it.run("doctor").status == 0)
  }
}
