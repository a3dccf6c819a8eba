import IngestTestKit
import Testing

/// A change of the configuration file takes effect at the next command, whichever that is.
@Suite("Applying the configuration")
struct TakeOverTests {
  @Test("a pause just written into the configuration applies to the job of the next delete")
  func delete() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# A\n\nwords")
    try await it.ingest(path)
    try it.configure("sources:\n  default: {paused: true}\n")
    #expect(try await it.run("delete", path).status == 0)
    let job = try #require(try await it.json("job", "list", "--state", "queued").first)
    #expect(job["workflow"].text == "delete" && job["reason"].text == "paused")
  }

  @Test("a schedule just written into the configuration can be run before any worker has seen it")
  func scheduleRun() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# A\n\nwords")
    try await it.ingest(path)
    try it.configure("schedules:\n  nightly: {cron: 30 2 * * *, scan: \(it.documents), source: s}\n")
    let started = try #require(try await it.json("schedule", "run", "nightly").first)
    #expect(started["schedule"].text == "nightly" && started["state"].text == "queued")
    #expect(try await it.run("schedule", "run", "weekly").status == 3)
  }
}
