import Foundation
import IngestTestKit
import Testing

@Suite("Bad input from the command line")
struct BadInputTests {
  @Test("a missing file, an empty file and a folder without documents are refused by name")
  func nothing() async throws {
    let it = try DataFolderFixture()
    let empty = try it.write("empty.md", "")
    let good = try it.write("good.md", "words")
    let run = try await it.run("submit", it.documents + "/missing.md", empty, good, "--json")
    #expect(run.status == 1)
    let lines = try JSONValue.lines(run.output)
    #expect(lines.map { $0["error"]["code"].text } == ["FILE_NOT_FOUND", "EMPTY_FILE", ""])
    #expect(lines[2]["outcome"].text == "accepted", "the rest continues")
    try FileManager.default.createDirectory(atPath: it.documents + "/bare", withIntermediateDirectories: true)
    let bare = try await it.run("submit", it.documents + "/bare")
    #expect(bare.status == 1 && bare.says("NO_DOCUMENTS"))
    #expect(try await it.run("submit", it.documents + "/*.pdf").says("NO_MATCH"))
  }

  @Test("a file that this user may not read is refused by name", .enabled(if: geteuid() != 0 || Fault.canUnshare))
  func unreadable() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("secret.md", "words")
    let good = try it.write("good.md", "words")
    chmod(path, 0)
    // Root may read every file, so root becomes the user `nobody` for this command.
    chmod(it.folder.path, 0o777)
    let program = RunningProgram.path(of: "ingestd")
    let line = "'\(program)' submit '\(path)' '\(good)' --data '\(it.data)'"
    let run =
      geteuid() == 0
      ? try await ProgramRun.run(
        "/usr/bin/env", ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", line])
      : try await ProgramRun.run("/bin/sh", ["-c", line])
    guard run.status != 126, !run.error.contains("Permission denied\n") else { return }
    #expect(run.status == 1 && run.says("FILE_UNREADABLE"), "\(run.error)")
    #expect(run.output.contains("1 accepted, 1 refused"))
  }

  @Test("a path of 10,000 characters is refused as too long")
  func longPath() async throws {
    let it = try DataFolderFixture()
    let path = "/" + Array(repeating: "folder", count: 1429).joined(separator: "/")
    #expect(path.count > 10_000)
    let run = try await it.run("submit", path)
    #expect(run.status == 1 && run.says("PATH_TOO_LONG"))
    #expect(run.error.count < 1000)
    #expect(try await ProgramRun.run("ingestd", ["parse", path]).says("PATH_TOO_LONG"))
    let data = try await ProgramRun.run("ingestd", ["status", "--data", path])
    #expect(data.status == 1 && data.says("DATA_FOLDER_UNUSABLE"))
    #expect(data.error.count < 1000)
    #expect(try await it.run("document", "show", path).status == 3)
    #expect(try await it.run("delete", path).status == 3)
  }

  @Test("--data that points at a file is wrong usage")
  func dataIsFile() async throws {
    let it = try DataFolderFixture()
    let file = try it.write("a.md", "words")
    for words in [["submit", file], ["status"], ["worker", "--drain"], ["doctor"]] {
      let run = try await ProgramRun.run("ingestd", words + ["--data", file])
      if words == ["doctor"] {
        #expect(run.status == 1 && run.output.contains("is not a folder"))
      } else {
        #expect(run.status == 2 && run.says("DATA_NOT_A_FOLDER"), "\(words): \(run.error)")
      }
    }
  }

  @Test("unknown workflows, indexes and jobs exit 3 with the nearest name; nothing is submitted")
  func unknown() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "words")
    let workflow = try await it.run("submit", path, "--workflow", "ingset")
    #expect(workflow.status == 3 && workflow.says("WORKFLOW_NOT_FOUND") && workflow.error.contains("ingest?"))
    #expect(try await it.run("submit", path).status == 0)
    let index = try await it.run("submit", path, "--index", "dosc")
    #expect(index.status == 3 && index.says("INDEX_NOT_FOUND") && index.error.contains("'docs'"))
    #expect(try await it.run("search", "x", "--index", "dosc").status == 3)
    #expect(try await it.run("job", "show", "ABCDEFG").says("JOB_NOT_FOUND"))
    #expect(try await it.run("workflow", "show", "delet").status == 3)
    #expect(try await it.json("status").first?["queued"].int == 1)
    for name in ["", "a b", "../x", "system"] {
      #expect(try await it.run("submit", path, "--source", name).status == 2, "\(name)")
    }
  }

  @Test("a unique prefix of a job's id is enough, in upper or lower case")
  func shortID() async throws {
    let it = try DataFolderFixture()
    for name in ["a.md", "b.md"] { #expect(try await it.run("submit", try it.write(name, name)).status == 0) }
    let ids = try await it.json("job", "list").map { $0["job"].text }
    let shared = ids[0].commonPrefix(with: ids[1])
    let own = String(ids[0].prefix(shared.count + 1))
    #expect(try await it.json("job", "show", own.lowercased()).first?["job"].text == ids[0])
    let both = try await it.run("job", "show", String(ids[0].prefix(4)))
    #expect(both.status == 2 && both.says("JOB_AMBIGUOUS"))
    #expect(try await it.run("job", "show", String(ids[0].prefix(3))).status == 3)
  }

  @Test(
    "mistakes in a workflow file are reported with line and column and exit 2; the file hides the built-in workflow")
  func workflowMistakes() async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 0)
    try FileManager.default.createDirectory(atPath: it.data + "/workflows", withIntermediateDirectories: true)
    let file = it.data + "/workflows/ingest.yaml"
    try Data("name: ingest\nsteps:\n  - id: parse\n    uses: prase\n".utf8).write(to: URL(fileURLWithPath: file))
    let run = try await it.run("workflow", "validate")
    #expect(run.status == 2 && run.output.contains("ingest.yaml:4:11") && run.output.contains("did you mean parse"))
    #expect(try await it.run("workflow", "validate", file).status == 2)
    #expect(try await it.run("submit", it.documents).status == 2)
    #expect(try await it.run("workflow", "list").output.contains("broken"))
    #expect(try await it.run("doctor").status == 1)
  }

  @Test("every mistake in the configuration is reported with its line, and the exit status is 2")
  func configuration() async throws {
    let it = try DataFolderFixture()
    try it.configure("worker:\n  concurrency: many\n  leese: 3s\n")
    let run = try await it.run("config")
    #expect(run.status == 2 && run.error.contains("ingestd.yaml:2:") && run.error.contains("ingestd.yaml:3:"))
    #expect(try await it.run("submit", try it.write("a.md", "words")).status == 2)
    #expect(!FileManager.default.fileExists(atPath: it.data + "/ingestd.db"), "nothing is half-written")
    #expect(try await it.run("doctor").status == 1)
  }

  @Test("secrets are shown as ***")
  func secrets() async throws {
    let it = try DataFolderFixture()
    let key = try it.write("key", "sk-very-secret")
    try it.configure(
      """
      embedders:
        test:
          provider: openai
          model: m
          dimensions: 8
          api-key-file: \(key)
      """)
    let shown = try await it.run("config")
    #expect(shown.status == 0 && shown.output.contains("***") && !shown.output.contains("very-secret"))
    #expect(try await it.run("config", "--json").output.contains("very-secret") == false)
    let origins = try await it.json("config").filter { $0["key"].text.hasPrefix("embedders.test.model") }
    #expect(origins.first?["origin"].text == it.data + "/ingestd.yaml:4")
  }
}
