import Foundation
import IngestTestKit
import Testing

@Suite("Limits, weights and pauses from the command line")
struct SourceTests {
  private func documents(_ it: DataFolderFixture, _ folder: String, _ count: Int) throws -> String {
    for number in 0..<count { try it.write("\(folder)/\(number).md", "# \(folder)\n\nIt is about number \(number).") }
    return "\(it.documents)/\(folder)"
  }

  private func source(_ it: DataFolderFixture, _ name: String) async throws -> JSONValue {
    try #require(try await it.json("source", "show", name).first)
  }

  @Test(
    "a paused source starts nothing in any worker, even after a kill -9, while others run; a resume continues it"
  )
  func pause() async throws {
    let it = try DataFolderFixture()
    let server = try EmbeddingServer(script: [.hang])
    try it.configure(embedder: server)
    var worker = try it.start("worker")
    #expect(try await it.run("submit", try documents(it, "held", 1), "--source", "held").status == 0)
    try await eventually("the embedding") { server.http.requests.count > 0 }
    #expect(try await it.json("source", "pause", "held").first?["changed"].bool == true)
    #expect(try await source(it, "held")["running"].int == 1, "a running job continues")
    worker.signal(SIGKILL)
    _ = try await worker.wait()

    worker = try it.start("worker")
    let second = try it.start("worker")
    #expect(try await it.run("submit", try documents(it, "more", 2), "--source", "held").status == 0)
    #expect(try await it.run("submit", try documents(it, "other", 3), "--source", "other").status == 0)
    try await it.eventually("the other source's end", in: "source", "show", "other") { $0["completed"].int == 3 }
    let held = try await source(it, "held")
    #expect(held["queued"].int == 3 && held["running"].int == 0 && held["completed"].int == 0)
    #expect(held["paused"].bool == true && held["reason"].text == "paused" && held["ready"].int == 0)
    #expect(try await it.run("source", "show", "held").output.contains("`ingestd source resume held`"))
    #expect(try await it.run("source", "list").output.contains("paused"))
    let requests = server.http.requests.count

    second.signal(SIGKILL)
    _ = try await second.wait()
    #expect(try await source(it, "held")["queued"].int == 3, "the pause survives")
    #expect(server.http.requests.count == requests)
    #expect(try await it.json("source", "resume", "held").first?["changed"].bool == true)
    try await it.eventually("its end", in: "source", "show", "held") { $0["completed"].int == 3 }
    let jobs = try await it.json("job", "list", "--source", "held")
    #expect(jobs.allSatisfy { $0["steps"].list.allSatisfy { $0["attempts"].int == 1 } }, "no attempt was spent")
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
  }

  @Test("a resume wakes the workers at once, without waiting for their next poll")
  func wakes() async throws {
    let it = try DataFolderFixture()
    try it.configure("")
    try it.folder.write("name: touch\nsteps: [{id: one, uses: noop}]\n", to: "data/workflows/touch.yaml")
    // Its next poll comes long after the test has failed, so only a wake signal can start a job in time.
    try await it.withWorker(poll: Patience.limit * 6) {
      try await it.eventually("a worker") { $0["workers"][0]["alive"].bool == true }
      #expect(try await it.run("source", "set", "a", "--create", "--weight", "1").status == 0)
      for round in 0..<5 {
        #expect(try await it.run("source", "pause", "a").status == 0)
        let words = ["submit", try it.write("\(round).md", "words \(round)"), "--source", "a", "--workflow", "touch"]
        #expect(try await it.run(words).status == 0)
        #expect(try await source(it, "a")["queued"].int == 1)
        #expect(try await it.run("source", "resume", "a").status == 0)
        try await it.eventually("job \(round)", in: "source", "show", "a") { $0["completed"].int == round + 1 }
      }
    }
  }

  @Test("everything is paused and resumed with one command, and a workflow by its name")
  func everything() async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try documents(it, "a", 2), "--source", "a").status == 0)
    #expect(try await it.run("source", "pause", "--all").status == 0)
    try await it.drain(status: 75)
    let list = try await it.run("source", "list")
    #expect(list.error.contains("everything is paused: resume it with `ingestd source resume --all`"))
    #expect(try await source(it, "a")["all_paused"].bool == true)
    #expect(try await it.run("source", "pause", "a").status == 0)
    let resumed = try await it.run("source", "resume", "--all")
    #expect(resumed.status == 0 && resumed.error.contains("still paused by name: a"))
    #expect(try await it.run("source", "resume", "a").output == "the source a is resumed\n")
    #expect(try await it.run("source", "resume", "a").output == "the source a was not paused\n")

    let unknown = try await it.run("workflow", "pause", "ingset")
    #expect(unknown.status == 3 && unknown.error.contains("ingest"))
    #expect(try await it.json("workflow", "pause", "ingest").first?["workflow"].text == "ingest")
    try await it.drain(status: 75)
    #expect(try await source(it, "a")["completed"].int == 0)
    let shown = try await it.run("source", "show", "a").output.split { $0.isWhitespace }.joined(separator: " ")
    #expect(shown.contains("`ingestd workflow resume NAME`"), "\(shown)")
    #expect(try await it.run("workflow", "resume", "ingest").status == 0)
    #expect(try await it.run("workflow", "resume", "ingset").status == 3)
    try await it.drain()
    #expect(try await source(it, "a")["completed"].int == 2)
  }

  @Test("a limit applies at once to a running worker, and lifting it lets the other jobs start")
  func live() async throws {
    let it = try DataFolderFixture()
    let worker = try it.start("worker")
    try await it.eventually("a worker") { $0["workers"][0]["alive"].bool == true }
    #expect(try await it.run("source", "set", "a", "--create", "--throttle", "1/h", "--burst", "1").status == 0)
    #expect(try await it.run("submit", try documents(it, "a", 5), "--source", "a").status == 0)
    try await it.eventually("two starts", in: "source", "show", "a") { $0["completed"].int == 2 }
    #expect(try await it.run("submit", try documents(it, "b", 1), "--source", "b", "--wait").status == 0)
    let held = try await source(it, "a")
    #expect(held["queued"].int == 3 && held["running"].int == 0 && held["reason"].text == "throttled")
    let next = try Date(
      held["next_at"].text, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
    #expect((3000...3600).contains(next.timeIntervalSinceNow))
    #expect(held["limits"][0]["free"].int == 0 && held["limits"][0]["spec"].text == "1/h burst 1")
    #expect(held["limits"][0]["origin"].text == "live")
    let shown = try await it.run("source", "show", "a").output
    #expect(shown.contains("Throttled. The next can start at \(held["next_at"].text.prefix(15))"), "\(shown)")
    #expect(try await it.run("source", "list").output.contains("throttled, next in 5"), "in 50 to 59 minutes")

    #expect(try await it.run("source", "set", "a", "--throttle", "none").status == 0)
    try await it.eventually("the rest", in: "source", "show", "a") { $0["completed"].int == 5 }
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
  }

  @Test("a live setting wins over the file and survives restarts and changes of the file; reset returns to the file")
  func precedence() async throws {
    let it = try DataFolderFixture()
    try it.configure("sources: {a: {throttle: 1/h, weight: 2, concurrency: 3}}\n")
    #expect(try await it.run("submit", try documents(it, "a", 3), "--source", "a").status == 0)
    func limits() async throws -> [String] {
      try await source(it, "a")["limits"].list.map {
        "\($0["kind"].text) \($0["spec"].text) \($0["origin"].text) \($0["configured"].text)"
      }
    }
    #expect(try await limits() == ["concurrency 3 configuration ", "throttle 1/h configuration "])
    #expect(try await source(it, "a")["weight"].int == 2)
    #expect(
      try await it.run("source", "set", "a", "--throttle", "none", "--concurrency", "1", "--weight", "5").status == 0)
    let live = ["concurrency 1 live 3", "throttle  live 1/h"]
    #expect(try await limits() == live)
    try await it.drain()
    #expect(try await source(it, "a")["completed"].int == 3)

    try it.configure("sources: {a: {throttle: 2/h, weight: 4}}\n")
    try await it.drain()
    #expect(try await limits() == ["concurrency 1 live ", "throttle  live 2/h"])
    #expect(try await source(it, "a")["weight"].int == 5)
    #expect(try await it.run("source", "set", "a", "--weight", "reset").status == 0)
    #expect(try await source(it, "a")["weight"].int == 4)
    #expect(try await it.run("source", "set", "a", "--throttle", "reset", "--weight", "7").status == 0)
    #expect(try await limits() == ["concurrency 1 live ", "throttle 2/h configuration "])
    #expect(try await it.run("source", "set", "a", "--reset").status == 0)
    #expect(try await limits() == ["throttle 2/h configuration "])
    #expect(try await source(it, "a")["weight"].int == 4)
    try it.configure("worker: {concurrency: 2}\n")
    #expect(try await limits() == [])
    #expect(try await source(it, "a")["weight"].int == 1)
  }

  @Test("--burst alone changes the throttle in force; --all sets a limit for all sources and reports no single source")
  func set() async throws {
    let it = try DataFolderFixture()
    try it.configure("sources: {a: {throttle: 60/m}}\n")
    #expect(try await it.run("submit", try documents(it, "a", 1), "--source", "a").status == 0)
    let set = try #require(try await it.json("source", "set", "a", "--burst", "4").first)
    #expect(set["limits"][0]["spec"].text == "60/m burst 4" && set["limits"][0]["configured"].text == "60/m")
    let all = try await it.json("source", "set", "--all", "--throttle", "1000/m", "--counts", "tokens")
    #expect(all.first?["per"].text == "provider" && all.first?["unit"].text == "tokens")
    #expect(all.first?.keys.contains("source") == false)
    let scoped = ["--rate-limit", "1/4h", "--per", "document", "--index", "docs", "--workflow", "ingest"]
    let run = try await it.run(["source", "set", "a"] + scoped)
    #expect(run.output.contains("document, index docs, work"), "\(run.output)\(run.error)")
    for line in run.lines { #expect(line.count <= 80) }
    let limit = try await source(it, "a")["limits"].list.first { $0["kind"].text == "rate-limit" }
    #expect(limit?["index"].text == "docs" && limit?["workflow"].text == "ingest" && limit?["source"].text == "a")
  }

  @Test(
    "an invalid setting is refused with a hint, and nothing is set",
    arguments: [
      (["nowhere", "--throttle", "60/m"], 3, "SOURCE_NOT_FOUND"), (["handbok", "--weight", "2"], 3, "'handbook'"),
      (["handbook"], 2, "NOTHING_TO_SET"), (["--throttle", "60/m"], 2, "SOURCE_MISSING"),
      (["handbook", "--all", "--throttle", "60/m"], 2, "SOURCE_AND_ALL"),
      (["--all", "--weight", "2"], 2, "SOURCE_MISSING"), (["handbook", "--burst", "3"], 2, "BURST_WITHOUT_THROTTLE"),
      (["handbook", "--throttle", "none", "--burst", "3"], 2, "BURST_WITHOUT_THROTTLE"),
      (["handbook", "--throttle", "60/m burst 2", "--burst", "3"], 2, "BURST_TWICE"),
      (["handbook", "--throttle", "0/m"], 2, "nothing could ever start"),
      (["handbook", "--throttle", "60/0s"], 2, "longer than 0s"),
      (["handbook", "--rate-limit", "often"], 2, "60/m"), (["handbook", "--concurrency", "0"], 2, "pause it"),
      (["handbook", "--weight", "0"], 2, "from 0.01"), (["handbook", "--weight", "none"], 2, "reset"),
      (["handbook", "--per", "indx", "--throttle", "60/m"], 2, "did you mean index?"),
      (["handbook", "--counts", "tokens", "--throttle", "60/m"], 2, "LIMIT_INVALID"),
      (["handbook", "--per", "provider", "--rate-limit", "60/m"], 2, "LIMIT_INVALID"),
      (["handbook", "--throttle", "1/366d", "--burst", "11"], 2, "ten years"),
      (["../x", "--create", "--throttle", "60/m"], 2, "NAME_INVALID"),
    ])
  func refusals(_ words: [String], _ status: Int32, _ text: String) async throws {
    let it = try DataFolderFixture()
    #expect(try await it.run("submit", try documents(it, "a", 1), "--source", "handbook").status == 0)
    let run = try await it.run(["source", "set"] + words)
    #expect(run.status == status && run.error.contains(text) && run.error.contains("hint: "), "\(run.error)")
    #expect(try await source(it, "handbook")["limits"].list.isEmpty)
    #expect(try await it.json("source", "list").count == 1)
  }

  @Test("a submit past a rate limit exits 4 and says when to try again; in a folder the others are submitted")
  func rateLimit() async throws {
    let it = try DataFolderFixture()
    try it.configure("limits: [{rate-limit: 1/4h, per: document}]\n")
    let folder = try documents(it, "a", 4)
    #expect(try await it.run("submit", folder).status == 0)
    for name in ["1.md", "3.md"] { try it.write("a/\(name)", "# Changed\n\nOther words in \(name).") }
    try it.write("a/new.md", "# New")

    let single = try #require(try await it.json("submit", "\(folder)/1.md", status: 4).first)
    #expect(single["outcome"].text == "refused" && single["reason"].text == "rate_limited")
    #expect(single["error"]["code"].text == "RATE_LIMITED")
    let wait = try #require(single["retry_after_ms"].int)
    #expect((13_800_000...14_400_000).contains(wait))
    let next = try Date(
      single["next_at"].text, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
    #expect((13_800...14_400).contains(next.timeIntervalSinceNow))

    let run = try await it.run("submit", folder)
    #expect(run.status == 4 && run.says("RATE_LIMITED"))
    #expect(run.output.contains("1 accepted, 2 already under way, 2 refused by a rate limit"), "\(run.output)")
    #expect(run.error.contains("submit the same again from "))
    #expect(run.error.components(separatedBy: "RATE_LIMITED").count == 2, "printed once")
    let mixed = try await it.run("submit", folder, try it.write("a.bin", "\u{7F}ELF\u{1}\u{0}\u{0}"))
    #expect(mixed.status == 1, "\(mixed.output)\(mixed.error)")
    try await it.drain()
    #expect(try await it.json("document", "list").count == 5)
    #expect(try await it.run("source", "set", "--all", "--rate-limit", "none", "--per", "document").status == 0)
    #expect(try await it.run("submit", folder).output.contains("2 accepted, 3 unchanged"))
  }

  @Test("a table of sources and the sheet of one fit 80 columns, however long the names are")
  func width() async throws {
    let it = try DataFolderFixture()
    let name = String(repeating: "a-long-name.", count: 10)
    try it.configure(
      "sources: {\(name): {throttle: 1000000/366d burst 1000, concurrency: 1000000, rate-limit: 1/h, paused: true}}\n")
    #expect(try await it.run("submit", try documents(it, "a", 1)).status == 0)
    for words in [["list"], ["show", name], ["show", "default"]] {
      let run = try await it.run(["source"] + words)
      #expect(run.status == 0)
      for line in run.lines where !line.hasPrefix("source ") { #expect(line.count <= 80, "\(line)") }
    }
    let unknown = try await it.run("source", "show", "defualt")
    #expect(unknown.status == 3 && unknown.error.contains("Did you mean 'default'?"))
  }
}
