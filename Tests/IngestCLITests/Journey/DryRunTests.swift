import IngestTestKit
import Testing

@Suite("Dry runs")
struct DryRunTests {
  /// Runs a command as a dry run and then for real: both must end with the status and name the code.
  private func both(
    _ it: DataFolderFixture, _ words: String..., code: String, status: Int32,
    location: SourceLocation = #_sourceLocation
  ) async throws {
    for words in [words + ["--dry-run"], words] {
      let run = try await it.run(words)
      #expect(run.status == status, "\(words): \(run.output)\(run.error)", sourceLocation: location)
      #expect(run.error.contains(code), "\(words): \(run.error)", sourceLocation: location)
    }
  }

  @Test("a dry run refuses to collect the live generation and an unknown one, as the command does")
  func collection() async throws {
    let it = try DataFolderFixture()
    try await it.ingest(try it.write("a.md", "words"))
    try await both(it, "index", "gc", "docs", "--generation", "1", code: "GENERATION_LIVE", status: 4)
    try await both(it, "index", "gc", "docs", "--generation", "7", code: "GENERATION_NOT_FOUND", status: 3)
    try await both(it, "index", "gc", "dox", code: "INDEX_NOT_FOUND", status: 3)
    #expect(try await it.json("index", "gc", "docs", "--dry-run").first?["generations"].list.isEmpty == true)
    #expect(try await it.search("words") == ["a.md"])
  }

  @Test("a dry run refuses a schedule with a taken name or an unknown index, as the command does")
  func schedule() async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    #expect(try await it.run("schedule", "add", "taken", "--every", "1h", "--workflow", "ingest").status == 0)
    try await both(
      it, "schedule", "add", "taken", "--every", "2h", "--workflow", "ingest", code: "SCHEDULE_EXISTS", status: 4)
    try await both(
      it, "schedule", "add", "new", "--every", "2h", "--workflow", "ingest", "--index", "dox",
      code: "INDEX_NOT_FOUND", status: 3)
    #expect(try await it.json("schedule", "list").map { $0["schedule"].text } == ["taken"])
  }

  @Test("a dry run refuses an unknown job among several and decides about the others, as the command does")
  func jobs() async throws {
    let it = try DataFolderFixture()
    let submitted = try #require(try await it.json("submit", try it.write("a.md", "words")).first)
    let job = submitted["job"].text
    try await both(it, "job", "retry", "01ZZZZZZ", job, code: "JOB_NOT_FOUND", status: 3)
    let would = try await it.json("job", "cancel", "01ZZZZZZ", job, "--dry-run", status: 3)
    #expect(would.first?["error"]["code"].text == "JOB_NOT_FOUND")
    #expect(would.last?["counts"]["cancelled"].int == 1)
    #expect(try await it.json("job", "show", job).first?["state"].text == "queued")
    let did = try await it.json("job", "cancel", "01ZZZZZZ", job, status: 3)
    #expect(did.last?["state"].text == "cancelled")
  }

  @Test("a dry run of a schedule applies the configuration first")
  func configuration() async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    try it.configure("schedules:\n  nightly: {cron: 30 2 * * *, scan: \(it.documents), source: s}\n")
    let run = try await it.json("schedule", "run", "nightly")
    #expect(run.first?["state"].text == "queued")
    #expect(try await it.json("schedule", "list").map { $0["schedule"].text } == ["nightly"])
  }
}
