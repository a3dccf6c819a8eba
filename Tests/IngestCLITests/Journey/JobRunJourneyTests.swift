import Foundation
import Glibc
import IngestTestKit
import Testing

/// `job run` from the start to a dead letter and back, without a document or an index.
@Suite("Workflows without documents", .timeLimit(.minutes(15)))
struct JobRunJourneyTests {
  private let it: DataFolderFixture

  init() throws { it = try DataFolderFixture() }

  private func workflow(_ name: String, _ text: String) throws {
    let folder = it.data + "/workflows"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("name: \(name)\n\(text)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).yaml"))
  }

  private func state(_ job: String) async throws -> String {
    try #require(try await it.json("job", "show", job).first)["state"].text
  }

  @Test("one workflow with programs, children, a signal and an approval, in a folder that job run creates")
  func whole() async throws {
    #expect(try await it.run("job", "run", "nothing").status == 3)
    try workflow(
      "order",
      """
      steps:
        - id: list
          uses: exec
          with:
            command: [sh, -c, 'echo "{\\"parts\\": [\\"a\\", \\"b\\"], \\"id\\": $(grep -o "\\"id\\":[0-9]*" | head -1 | cut -d: -f2)}"']
        - {id: each, uses: foreach, with: {items: steps.list.parts, workflow: part}}
        - {id: paid, uses: wait-for-signal, with: {name: paid}}
        - {id: check, uses: approval, when: task.id > 1000}
        - {id: end, uses: noop}
      """)
    try workflow("part", "steps:\n  - {id: nap, uses: sleep, with: {for: 100ms}}")
    let started = try #require(
      try await it.json("job", "run", "order", "--input", "{\"id\":4711}", "--key", "k", "--source", "shop").first)
    #expect(started.keys == ["job", "workflow", "state", "outcome"])
    #expect(started["outcome"].text == "accepted" && started["state"].text == "queued")
    let job = started["job"].text
    let worker = try it.start("worker")
    try await it.eventually("it waits for the signal") { $0["waiting"].int == 1 && $0["completed"].int == 2 }
    #expect(try await it.run("job", "signal", job, "paid").status == 0)
    try await it.eventually("it waits for the approval") { $0["waiting"].int == 1 && $0["running"].int == 0 }
    #expect(try await it.run("job", "approve", job, "--step", "check").status == 0)
    #expect(try await it.run("job", "wait", job).status == 0)
    let again = try #require(
      try await it.json("job", "run", "order", "--input", "{\"id\":4711}", "--key", "k", "--source", "shop", "--wait")
        .first)
    #expect(again["outcome"].text == "duplicate" && again["job"].text == job && again["state"].text == "completed")
    worker.signal(SIGTERM)
    _ = try await worker.wait()
    let shown = try #require(try await it.json("job", "show", job).first)
    #expect(shown["state"].text == "completed" && shown["source"].text == "shop")
    #expect(shown.keys.isDisjoint(with: ["index", "generation", "uri", "document"]))
    #expect(shown["children"]["completed"].int == 2)
    #expect(try await it.json("index", "list").allSatisfy { $0["generations"].list.isEmpty })
  }

  @Test(
    "a job that dies is a dead letter without an index and continues after a redrive; --wait prints its outcome")
  func dies() async throws {
    try it.configure("")
    try workflow(
      "fragile",
      """
      steps:
        - {id: first, uses: noop}
        - id: second
          uses: exec
          with: {command: [test, -e, "\(it.folder.path)/mended"], exit: {permanent: [1]}}
      """)
    let worker = try it.start("worker")
    try await it.eventually("a worker") { $0["workers"][0]["alive"].bool == true }
    let run = try await it.run("job", "run", "fragile", "--wait")
    #expect(run.status == 1, "\(run.output)\(run.error)")
    let letter = try #require(try await it.json("dead", "list").first)
    #expect(letter["step"].text == "second")
    #expect(letter.keys.isDisjoint(with: ["index", "generation", "uri"]))
    #expect(try await it.run("dead", "show", letter["id"].text).status == 0)
    try Data().write(to: URL(fileURLWithPath: it.folder.path + "/mended"))
    #expect(try await it.run("dead", "redrive", letter["id"].text).status == 0)
    #expect(try await it.run("job", "wait", letter["job"].text).status == 0)
    #expect(try await it.run("job", "run", "fragile", "--wait").status == 0)
    #expect(try await it.run("job", "replay", letter["job"].text).status == 0)
    worker.signal(SIGTERM)
    _ = try await worker.wait()
  }

  @Test("a job that cannot be started is refused with a code and a hint, and nothing is queued")
  func refusals() async throws {
    try it.configure("")
    try workflow("plain", "steps:\n  - {id: one, uses: noop}")
    try workflow("over", "steps:\n  - {id: each, uses: foreach, with: {items: task.list, workflow: ingest}}")
    let cases: [([String], Int32, String)] = [
      (["ingest"], 4, "WORKFLOW_NEEDS_DOCUMENT"), (["over"], 4, "WORKFLOW_NEEDS_DOCUMENT"),
      (["reindex"], 4, "WORKFLOW_NEEDS_GENERATION"), (["plan"], 3, "WORKFLOW_NOT_FOUND"),
      (["plain", "--input", "{broken"], 2, "INPUT_INVALID"),
      (["plain", "--input", "@\(it.folder.path)/none.json"], 2, "INPUT_UNREADABLE"),
      (["plain", "--input", "\"" + String(repeating: "x", count: 64 * 1024) + "\""], 4, "INPUT_TOO_LARGE"),
      (["plain", "--key-ttl", "1h"], 2, "KEY_MISSING"), (["plain", "--delay", "9000d"], 2, "START_TOO_FAR"),
    ]
    for (words, status, code) in cases {
      let run = try await it.run(["job", "run"] + words)
      #expect(run.status == status && run.says(code), "\(words.prefix(2)): \(run.status) \(run.error)")
    }
    #expect(try await it.json("job", "list").isEmpty)
    let indexed = try await it.run("schedule", "add", "s", "--every", "1h", "--workflow", "ingest", "--no-index")
    #expect(indexed.status == 4 && indexed.says("WORKFLOW_NEEDS_DOCUMENT"), "\(indexed.error)")
    #expect(
      try await it.run("schedule", "add", "s", "--every", "1h", "--workflow", "plain", "--no-index").status == 0)
    let scheduled = try #require(try await it.json("schedule", "run", "s").first)["job"].text
    #expect(try await it.json("job", "show", scheduled).first?.keys.contains("index") == false)
    #expect(try await it.json("schedule", "show", "s").first?.keys.contains("index") == false)
    #expect(try await it.run("job", "cancel", scheduled).status == 0)
    let piped = try await it.run("job", "run", "plain", "--input", "-", input: "[1, 2]")
    #expect(piped.status == 0, "\(piped.error)")
    #expect(try await it.run("job", "run", "plain", "--wait").status == 75)
    #expect(try await it.json("job", "list", "--state", "queued").count == 2)
    try await it.drain("--index", "docs")
    #expect(try await it.json("job", "list", "--state", "queued").count == 2)
    try await it.drain()
    #expect(try await it.json("job", "list", "--state", "completed").count == 2)
  }
}
