import Foundation
import IngestCore
import IngestSQL
import IngestTestKit
import Testing

@Suite("Schedules through the program")
struct ScheduleJourneyTests {
  @Test("with two workers on a schedule of one second, one of them killed, each tick fires or is skipped once")
  func eachTickOnce() async throws {
    let it = try DataFolderFixture()
    try it.write("a.md", "# A\n\nfirst words")
    #expect(try await it.run("submit", it.documents, "--source", "s").status == 0)
    #expect(
      try await it.run(
        "schedule", "add", "seconds", "--every", "1s", "--scan", it.documents, "--source", "s", "--sync"
      ).status == 0)
    let first = try it.start("worker")
    let second = try it.start("worker")
    try await eventually("two runs") {
      try await it.json("schedule", "show", "seconds").first?["fired"].int ?? 0 >= 2
    }
    first.signal(SIGKILL)
    _ = try await first.wait()
    try it.write("b.md", "# B\n\nsecond thoughts")
    try FileManager.default.removeItem(atPath: it.documents + "/a.md")
    try await eventually("the change") {
      let (new, old) = (try await it.search("thoughts"), try await it.search("first"))
      return new.contains("b.md") && !old.contains("a.md")
    }
    #expect(try await it.run("schedule", "pause", "seconds").status == 0)
    second.signal(SIGTERM)
    #expect(try await second.wait() == 0)
    let schedule = try #require(try await it.json("schedule", "show", "seconds").first)
    #expect(schedule["state"].text == "paused")
    let jobs = try await it.json("job", "list", "--limit", "1000").filter { $0["workflow"].text == "scan" }
    #expect(jobs.count == schedule["fired"].int)
    let ticks = try await ticks(it)
    #expect(ticks.count { $0.kind == "fired" } == schedule["fired"].int)
    #expect(ticks.count { $0.kind == "skipped" } == schedule["skipped"].int)
    #expect(ticks.count { $0.kind == "fired" || $0.kind == "skipped" } == ticks.count, "\(ticks)")
    // No tick is left out and none occurs twice, regardless of when the workers ran.
    let start = try #require(ticks.first).at
    #expect(ticks.map(\.at) == ticks.indices.map { start + .seconds($0) })
  }

  /// Returns the ticks of the schedule `seconds` in the order of the journal, each with the decision about it.
  private func ticks(_ it: DataFolderFixture) async throws -> [(kind: String, at: Timestamp)] {
    let database = try Database(path: it.data + "/ingestd.db", options: DatabaseOptions(mode: .readOnly))
    let lines = try await database.read { db in
      try db.rows("SELECT kind, data FROM journal WHERE data LIKE 'seconds %' ORDER BY seq") {
        ($0.text(0), $0.text(1))
      }
    }
    await database.close()
    return try lines.map { kind, data in (kind, try #require(Timestamp(String(data.dropFirst("seconds ".count))))) }
  }

  @Test("a dry run shows the next times and what a scan would do, and changes nothing")
  func dryRun() async throws {
    let it = try DataFolderFixture()
    try it.write("a.md", "words")
    #expect(try await it.run("submit", it.documents).status == 0)
    try it.write("b.md", "more words")
    try FileManager.default.removeItem(atPath: it.documents + "/a.md")
    let run = try await it.run(
      "schedule", "add", "x", "--cron", "30 2 * * *", "--zone", "Europe/Berlin", "--scan", it.documents, "--sync",
      "--dry-run")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.split(separator: "\n").count { $0.hasPrefix("would run at") } == 5)
    #expect(run.output.contains("1 would be submitted, 1 would be deleted"), "\(run.output)")
    #expect(try await it.json("schedule", "list").isEmpty)
    #expect(try await it.json("document", "list").count == 1)
    let sync = try await it.json("submit", it.documents, "--sync")
    #expect(sync.map { $0["outcome"].text } == ["accepted", "deleted"])
  }

  @Test(
    "a schedule that is surely a mistake is refused, and nothing is added",
    arguments: [
      (["--cron", "61 * * * *", "--workflow", "ingest"], "SCHEDULE_INVALID", 2),
      (["--cron", "0 0 30 2 *", "--workflow", "ingest"], "SCHEDULE_INVALID", 2),
      (["--every", "0s", "--workflow", "ingest"], "SCHEDULE_INVALID", 2),
      (["--at", "2020-01-01T00:00:00Z", "--workflow", "ingest"], "SCHEDULE_PAST", 2),
      (["--cron", "@daily", "--zone", "Europe/Berlni", "--workflow", "ingest"], "TIME_ZONE_INVALID", 2),
      (["--cron", "@daily", "--zone", "../../etc/passwd", "--workflow", "ingest"], "TIME_ZONE_INVALID", 2),
      (["--cron", "@daily", "--workflow", "ingset"], "WORKFLOW_NOT_FOUND", 3),
      (["--cron", "@daily", "--workflow", "ingest", "--task", "{"], "SCHEDULE_TASK_INVALID", 2),
      (["--cron", "@daily", "--scan", "/nonexistent/folder"], "SCAN_ROOT_MISSING", 3),
      (["--cron", "@daily"], "SCHEDULE_EMPTY", 2),
      (["--workflow", "ingest"], "SCHEDULE_EMPTY", 2),
      (["--cron", "@daily", "--workflow", "ingest", "--sync"], "SCAN_OPTION", 2),
      (["--cron", "@daily", "--workflow", "ingest", "--index", "none"], "INDEX_NOT_FOUND", 3),
    ])
  func refusals(_ words: [String], _ code: String, _ status: Int32) async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    let run = try await it.run(["schedule", "add", "x"] + words)
    #expect(run.error.contains(code), "\(run.error)")
    #expect(run.status == status)
    #expect(try await it.json("schedule", "list").isEmpty)
  }

  @Test("a worker applies the configured schedules, and they can be run by hand")
  func configured() async throws {
    let it = try DataFolderFixture()
    try it.write("a.md", "words")
    try it.configure("schedules:\n  nightly: {cron: 30 2 * * *, scan: \(it.documents), source: s}\n")
    let worker = try it.start("worker")
    try await eventually("the schedule") { try await it.run("schedule", "list", "--json").output.contains("nightly") }
    let run = try await it.run("schedule", "run", "nightly", "--wait")
    #expect(run.status == 0, "\(run.error)")
    try await eventually("the document") { try await it.search("words") == ["a.md"] }
    #expect(try await it.run("schedule", "remove", "nightly").status == 4)
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
    let missing = try await it.run("schedule", "show", "nightyl")
    #expect(missing.status == 3 && missing.says("SCHEDULE_NOT_FOUND"))
  }
}
