import Foundation
import Glibc
import IngestTestKit
import Testing

/// Commands of an operator on dead letters.
@Suite("Commands on dead letters")
struct DeadCommandTests {
  private let it: DataFolderFixture

  init() throws {
    it = try DataFolderFixture()
    try it.configure("")
    try workflow("65")
  }

  private var runs: String { it.folder.file("runs") }

  private var ran: [String] {
    ((try? String(contentsOfFile: runs, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// Makes a workflow whose second step exits with this status; 65 fails for good.
  private func workflow(_ status: String) throws {
    let folder = it.data + "/workflows"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(
      """
      name: fails
      steps:
        - {id: first, uses: exec, with: {command: [sh, -c, 'echo first >> \(runs)']}}
        - {id: second, uses: exec, with: {command: [sh, -c, 'echo second >> \(runs); echo the reason >&2; exit \(status)']}}

      """.utf8
    ).write(to: URL(fileURLWithPath: "\(folder)/fails.yaml"))
  }

  /// Makes `count` dead letters.
  private func die(_ count: Int) async throws -> [String] {
    for number in 0..<count { try it.write("\(number).md", "words \(number)") }
    #expect(try await it.run("submit", it.documents, "--workflow", "fails").status == 0)
    _ = try await it.run("worker", "--drain")
    let letters = try await it.json("dead", "list", "--limit", "200")
    #expect(letters.count == count && ran.count == 2 * count)
    unlink(runs)
    return letters.map { $0["id"].text }
  }

  @Test("a redrive with --throttle starts the jobs at that rate, and its dry run shows when the last one starts")
  func throttle() async throws {
    let letters = try await die(3)
    let words = ["dead", "redrive", "--code", "EXEC_FAILED", "--throttle", "1/h"]
    let code = try #require(try await it.json("dead", "list").first)["error"]["code"].text
    let chosen = words.map { $0 == "EXEC_FAILED" ? code : $0 }
    let would = try #require(try JSONValue.lines(try await it.run(chosen + ["--dry-run", "--json"]).output).first)
    #expect(would["redriven_total"].int == 3 && would["dry_run"].bool == true)
    #expect(would["jobs"].list.map { $0["kept"].list } == Array(repeating: [.text("first")], count: 3))
    #expect(try await it.json("dead", "list").count == 3)
    let person = try await it.run(chosen + ["--dry-run"])
    #expect(person.output.contains("(in 2 h)") || person.output.contains("(in 1 h)"), "\(person.output)")
    #expect(person.lines.allSatisfy { $0.count <= 80 }, "\(person.output)")
    let did = try #require(try JSONValue.lines(try await it.run(chosen + ["--json"]).output).first)
    #expect(did["redriven"].list == would["redriven"].list && Set(did["redriven"].list.map(\.text)) == Set(letters))
    var reasons: [String] = []
    for id in did["redriven"].list {
      reasons.append(try #require(try await it.json("job", "show", id.text).first)["reason"].text)
    }
    #expect(reasons == ["ready", "scheduled", "scheduled"])
    #expect(did["jobs"][0]["due_at"] == .null && did["jobs"][1]["due_at"].text.hasSuffix("Z"))
    #expect(try await it.run("dead", "redrive", "--all", "--throttle", "0/m").status == 2)
  }

  @Test("a redrive continues from the failed step, or on request from the start or with the newest workflow")
  func from() async throws {
    let letter = try #require(try await die(1).first)
    #expect(try await it.run("dead", "redrive", letter).status == 0)
    _ = try await it.run("worker", "--drain")
    #expect(ran == ["second"])
    let start = try #require(try await it.json("dead", "redrive", letter, "--from-start").first)
    #expect(start["jobs"][0]["kept"].list == [])
    _ = try await it.run("worker", "--drain")
    #expect(ran == ["second", "first", "second"])
    try workflow("0")
    // The job's own version of the workflow still fails; the newest does not.
    #expect(try await it.run("dead", "redrive", letter).status == 0)
    _ = try await it.run("worker", "--drain")
    #expect(try await it.json("job", "show", letter).first?["state"].text == "dead")
    let shown = try #require(try await it.json("dead", "show", letter).first)
    #expect(shown["history_total"].int == 4)
    let latest = try #require(try await it.json("dead", "redrive", letter, "--latest").first)
    #expect(latest["jobs"][0]["kept"].list == [.text("first")])
    try await it.drain()
    #expect(try await it.json("job", "show", letter).first?["state"].text == "completed")
    #expect(ran.suffix(2) == ["second", "second"])
  }

  @Test("an export has one whole object a line, and its file is complete or not there")
  func export() async throws {
    let letters = try await die(3)
    let shape: Set<String> = [
      "id", "kind", "job", "source", "index", "generation", "uri", "step", "attempts", "died_at", "error", "history",
      "history_total", "workflow", "workflow_version", "definition", "task", "content", "priority", "created_at",
      "checkpoints", "checkpoints_total", "timeline", "timeline_total",
    ]
    let printed = try JSONValue.lines(try await it.run("dead", "export", "--all").output)
    #expect(Set(printed.map { $0["id"].text }) == Set(letters))
    for record in printed {
      #expect(record.keys.isSuperset(of: shape), "\(shape.subtracting(record.keys))")
      #expect(record["step"].text == "second" && record["history"][0]["code"].text != "")
      #expect(record["checkpoints"].list.map { $0["step"].text } == ["first"])
      #expect(record["definition"]["steps"].list.count == 2 && record["task"]["uri"].text.hasSuffix(".md"))
      #expect(record["timeline"].list.last?["event"].text == "died")
    }
    let file = it.folder.file("dead.jsonl")
    try Data("what was there".utf8).write(to: URL(fileURLWithPath: file))
    let written = try #require(try await it.json("dead", "export", "--all", "--output", file).first)
    #expect(written["exported"].int == 3 && written["file"].text == file)
    #expect(try JSONValue.lines(try String(contentsOfFile: file, encoding: .utf8)) == printed)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: it.folder.path).contains { $0.hasSuffix(".part") } == false)
    // An export that cannot be written leaves the old file; no export deletes a dead letter.
    let nowhere = try await it.run("dead", "export", "--all", "--output", it.folder.file("no/dead.jsonl"))
    #expect(nowhere.status == 1 && nowhere.says("OUTPUT_UNWRITABLE"))
    #expect(try await it.run("dead", "export").says("DEAD_SELECTION_MISSING"))
    #expect(try await it.run("dead", "export", "01ZZZZZZ").status == 3)
    #expect(try await it.run("dead", "export", letters[0], "-o", file).output.contains("1 dead letter written"))
    #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 1)
    #expect(try await it.json("dead", "list").count == 3)
  }

  @Test("quarantined contents are listed, released by a prefix of their hash, and tried again")
  func quarantine() async throws {
    #expect(try await it.run("dead", "quarantine").output == "")
    let path = try it.write("a.md", "words that kill")
    #expect(try await it.run("submit", path).status == 0)
    let hash = "(SELECT content FROM jobs WHERE content IS NOT NULL LIMIT 1)"
    try await DatabaseEdit.run(
      "INSERT INTO quarantine (content, deaths, changed_at) VALUES (\(hash), 3, 1700000000000000);",
      on: it.data + "/ingestd.db")
    _ = try await it.run("worker", "--drain")
    let letter = try #require(try await it.json("dead", "list", "--quarantined").first)
    #expect(letter["error"]["code"].text == "QUARANTINED" && letter["quarantined"].bool == true)
    let listed = try #require(try await it.json("dead", "quarantine").first)
    #expect(
      listed.keys.isSuperset(of: ["content", "deaths", "quarantined", "changed_at", "uri", "documents"]))
    #expect(listed["uri"].text == path && listed["deaths"].int == 3 && listed["quarantined"].bool == true)
    let table = try await it.run("dead", "quarantine")
    #expect(table.output.contains("quarantined") && table.lines.allSatisfy { $0.count <= 80 }, "\(table.output)")
    let content = listed["content"].text
    #expect(try await it.run("dead", "lift", String(content.prefix(5))).status == 3)
    let unknown = try await it.run("dead", "lift", "0000000000")
    #expect(unknown.status == 3 && unknown.says("CONTENT_NOT_QUARANTINED"))
    let lifted = try #require(try await it.json("dead", "lift", String(content.prefix(12))).first)
    #expect(lifted["content"].text == content && lifted["lifted"].bool == true)
    #expect(try await it.run("dead", "quarantine").output == "")
    #expect(try await it.run("dead", "redrive", letter["id"].text).status == 0)
    try await it.drain()
    #expect(try await it.search("words that kill") == ["a.md"])
  }

  @Test(
    "a lost chunk is its own kind of dead letter: listed, shown, exported, redriven with its document, purged alone")
  func chunk() async throws {
    var limits = EmbeddingServer.Limits()
    limits.refuses = { $0.contains("alpha300 ") }
    let server = try EmbeddingServer(limits: limits)
    try it.configure(embedder: server)
    let text = (0..<600).map { "alpha\($0) beta gamma delta epsilon zeta eta theta iota kappa." }.joined(separator: " ")
    let path = try it.write("a.md", text)
    let job = try #require(try await it.json("submit", path).first)["job"].text
    try await it.drain()
    #expect(try await it.json("job", "show", job).first?["degraded"].bool == true)
    let letter = try #require(try await it.json("dead", "list", "--kind", "chunk").first)
    #expect(
      letter.keys.isSuperset(of: [
        "id", "kind", "job", "source", "index", "generation", "uri", "step", "attempts", "died_at", "error", "ordinal",
        "start", "end",
      ]))
    let id = letter["id"].text
    #expect(letter["kind"].text == "chunk" && letter["job"].text == job && letter["step"].text == "embed")
    #expect(try await it.json("dead", "list", "--kind", "job").isEmpty)
    let table = try await it.run("dead", "list")
    #expect(table.output.contains("chunk") && table.lines.allSatisfy { $0.count <= 80 }, "\(table.output)")
    let shown = try await it.run("dead", "show", id)
    #expect(shown.status == 0 && shown.output.contains("characters \(letter["start"].int ?? -1) to"))
    #expect(try JSONValue.lines(try await it.run("dead", "export", id).output).first?["id"].text == id)

    // A replay that inherits the loss leaves the lost chunk with the job that lost it, and is degraded itself.
    let upsert = try #require(try await it.json("job", "replay", job, "--from", "upsert").first)["job"].text
    try await it.drain()
    #expect(try await it.json("job", "show", upsert).first?["degraded"].bool == true)
    #expect(try await it.json("dead", "list").first?["job"].text == job)

    let would = try #require(try await it.json("dead", "redrive", id, "--dry-run").first)
    #expect(would["redriven"].list == [.text(id)] && would["redriven_total"].int == 1)
    let paid = server.paid.count
    #expect(try await it.json("dead", "redrive", id).first?["redriven"].list == [.text(id)])
    #expect(try await it.run("dead", "list").output == "")
    try await it.drain()
    let again = try #require(try await it.json("dead", "list").first)
    #expect(again["kind"].text == "chunk" && again["job"].text != job, "the text is refused again, by the new job")
    #expect(server.paid.count == paid, "the other chunks are not paid for again")
    #expect(try await it.json("dead", "purge", again["id"].text).first?["purged"].int == 1)
    #expect(try await it.run("dead", "list").output == "")
    #expect(try await it.json("job", "list").allSatisfy { $0["state"].text == "completed" })
  }
}
