import Foundation
import IngestTestKit
import Testing

@Suite("Doctor and tables")
struct DoctorTests {
  @Test("before the first run doctor checks the programs, reports that there is no data folder, and exits 0")
  func noData() async throws {
    let run = try await ProgramRun.run("ingestd", ["doctor"])
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("ok    parser:") && run.output.contains("ok    sandbox:"))
    #expect(run.output.contains("warn  data folder: there is none yet"))
    for line in run.lines where !line.contains("/") { #expect(line.count <= 80) }
  }

  @Test("doctor distinguishes embedders that answer, that refuse the key, and that are not there")
  func embedders() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer()
    let closed = try HTTPTestServer { _ in .answer(401, body: []) }
    try it.configure(
      """
      default-embedder: locked
      embedders:
        fine:
          provider: openai
          model: m
          dimensions: 8
          base-url: \(it.address(server))
        locked:
          provider: openai
          model: m
          dimensions: 8
          base-url: \(closed.url)
        nowhere:
          provider: openai
          model: m
          dimensions: 8
          base-url: http://127.0.0.1:9/v1
      """)
    let run = try await it.run("doctor", "--json")
    let states = Dictionary(
      uniqueKeysWithValues: try JSONValue.lines(run.output).map { ($0["check"].text, $0["state"].text) })
    #expect(run.status == 1)
    #expect(states["embedder fine"] == "ok")
    #expect(states["embedder locked"] == "fail", "the default one must work")
    #expect(states["embedder nowhere"] == "warn", "nothing uses it")
    withExtendedLifetime(closed) {}
  }

  @Test("doctor finds a killed worker and a folder that other users can read")
  func deadWorker() async throws {
    let it = try DataFolderFixture()
    let worker = try it.start("worker")
    try await it.eventually("a worker") { $0["workers"][0]["alive"].bool == true }
    worker.signal(SIGKILL)
    _ = try await worker.wait()
    chmod(it.data, 0o755)
    let run = try await it.run("doctor")
    #expect(run.status == 0, "warnings only: \(run.output)")
    #expect(run.output.contains("1 of 1 died and left"))
    #expect(run.output.contains("can be read by others"))
  }

  @Test("tables and sheets fit 80 columns in a pipe, however long the names are")
  func width() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer(script: [.dimension(3)])
    try it.configure(embedder: server)
    let name = String(repeating: "long name ", count: 12) + ".md"
    try it.write(name, "# Long\n\nwords in a document whose name is long")
    #expect(try await it.run("submit", it.documents, "--source", "a-source-with-a-long-name").status == 0)
    try await it.drain()
    #expect(try await it.run("submit", try it.write("second \(name)", "words"), "--delay", "1d").status == 0)
    let dead = try #require(try await it.json("dead", "list").first)["id"].text
    for words in [
      ["status"], ["job", "list"], ["dead", "list"], ["document", "list"], ["index", "list"],
      ["index", "show", "docs"],
      ["index", "history", "docs"], ["workflow", "list"], ["workflow", "show", "ingest"], ["config"], ["migrate"],
    ] {
      let run = try await it.run(words)
      #expect(run.status == 0)
      for line in run.lines { #expect(line.count <= 80, "\(words): \(line)") }
    }
    // A uri, an error or a path is printed whole, because users copy it.
    for line in try await it.run("job", "show", dead).lines where !line.contains("/") && !line.contains("error: ") {
      #expect(line.count <= 80 || line.hasPrefix("hint: "), "\(line)")
    }
  }
}
