import Foundation
import IngestTestKit
import Testing

/// The fields that scripts rely on. Fields may be added, but none may be renamed.
@Suite("What --json prints")
struct JSONShapeTests {
  private static let failure: Set<String> = ["code", "message", "hint", "retryable", "causes"]

  private func expect(
    _ value: JSONValue, _ fields: String, _ optional: String = "", location: SourceLocation = #_sourceLocation
  ) {
    let required = Set(fields.split(separator: " ").map(String.init))
    let missing = required.subtracting(value.keys)
    #expect(missing.isEmpty, "missing: \(missing)", sourceLocation: location)
    for key in value.keys {
      #expect(key == key.lowercased() && !key.contains("-"), "\(key)", sourceLocation: location)
    }
  }

  @Test("documents, jobs, searches, indexes and the status have the promised fields")
  func shapes() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# A\n\nOne short document.")
    let submit = try #require(try await it.json("submit", path).first)
    expect(submit, "job document revision uri source index state outcome")
    #expect(submit["outcome"].text == "accepted" && submit["state"].text == "queued" && submit["revision"].int == 1)
    let job = submit["job"].text
    let queued = try #require(try await it.json("job", "show", job).first)
    expect(
      queued,
      "job workflow workflow_version source index generation uri state degraded reason priority created_at steps")
    #expect(queued["reason"].text == "ready" && queued["explanation"].text.contains("worker"))
    expect(queued["steps"][0], "id state attempts")
    try await it.drain()
    let done = try #require(try await it.json("job", "show", job).first)
    expect(done["steps"][0], "id state attempts started_at finished_at duration_ms")
    #expect(done["steps"].list.map { $0["id"].text } == ["parse", "chunk", "embed", "upsert"])
    #expect(done["steps"].list.allSatisfy { $0["state"].text == "completed" && $0["attempts"].int == 1 })
    #expect(done["finished_at"].text.hasSuffix("Z"))
    #expect(try await it.json("job", "list").first?["job"].text == job)
    #expect(try await it.json("job", "wait", job).first?["state"].text == "completed")

    let unchanged = try #require(try await it.json("submit", path).first)
    #expect(unchanged["outcome"].text == "unchanged" && unchanged["job"] == .null)
    let answer = try #require(try await it.json("search", "short").first)
    expect(answer, "index generation took_ms hits")
    expect(answer["hits"][0], "rank score document uri source heading chunk start end text meta")
    let index = try #require(try await it.json("index", "show", "docs").first)
    expect(index, "index live generations")
    expect(index["generations"][0], "generation state backend embedder documents chunks created_at behind")
    let status = try #require(try await it.json("status").first)
    expect(status, "queued running waiting completed cancelled dead sources sources_total breakers workers")
    expect(status["sources"][0], "source queued running waiting completed cancelled dead")

    let document = try #require(try await it.json("document", "show", path).first)
    expect(document, "document uri source index revision deleted size_bytes held chunks generations created_at")
    expect(document["generations"][0], "generation state revision chunks")
    expect(try #require(try await it.json("document", "text", path).first), "document revision text")
    expect(
      try #require(try await it.json("document", "chunks", path).first),
      "chunk document revision generation ordinal start end tokens heading text")
    expect(try #require(try await it.json("delete", path).first), "job document revision uri source index outcome")
    expect(try #require(try await it.json("index", "verify", "docs", status: 75).first), "index generation proved")
    expect(try #require(try await it.json("index", "history", "docs").first), "at kind actor generation")
  }

  @Test("workflows, settings, migrations and checks print one object a line")
  func tools() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# A\n\nOne short document.")
    try await it.json("submit", path)
    let workflows = try await it.json("workflow", "list")
    #expect(workflows.map { $0["workflow"].text } == ["delete", "ingest", "reindex", "scan"])
    expect(workflows[0], "workflow version steps origin mistakes")
    let workflow = try #require(try await it.json("workflow", "show", "ingest").first)
    expect(workflow["steps"][0], "id uses with timeout_ms retry")
    expect(workflow["steps"][0]["retry"], "attempts first_ms factor maximum_ms jitter")
    expect(try #require(try await it.json("workflow", "graph", "ingest").first), "workflow format graph")
    let settings = try await it.json("config")
    expect(try #require(settings.first), "key value origin variable")
    let migration = try #require(try await it.json("migrate").first)
    expect(migration, "number name state applied_at")
    let checks = try await it.json("doctor")
    #expect(checks.count > 8)
    for check in checks { expect(check, "check state message hint") }
    #expect(checks.allSatisfy { $0["state"].text != "fail" }, "\(checks)")
  }

  @Test("a failure is the same object in every command")
  func failures() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# A\n\nwords")
    try await it.json("submit", path)
    for (words, status) in [
      (["job", "show", "01ZZZZZZ"], 3), (["dead", "redrive"], 2), (["document", "show", "none"], 3),
      (["search", "x", "--index", "none"], 3), (["submit", path, "--workflow", "none"], 3),
      (["submit", path, "--index", "none"], 3), (["index", "rollback", "docs"], 4), (["job", "wait", "01ZZZZ"], 3),
    ] as [([String], Int32)] {
      let run = try await it.run(words + ["--json"])
      #expect(run.status == status, "\(words): \(run.output)")
      let lines = try JSONValue.lines(run.output)
      #expect(lines.count == 1)
      #expect(lines.first?["error"].keys.isSuperset(of: Self.failure) == true, "\(words): \(run.output)")
      #expect(lines.first?["error"]["hint"].text != "", "\(words)")
    }
  }
}
