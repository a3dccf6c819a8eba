import Foundation
import Glibc
import IngestTestKit
import Testing

/// Waits through the command line, with workers that are killed in between.
@Suite("Waiting from the command line")
struct WaitJourneyTests {
  private let it: DataFolderFixture

  init() throws {
    it = try DataFolderFixture()
    try it.configure("")
    try workflow(
      "review",
      """
      name: review
      steps:
        - id: ask
          uses: approval
          with: {message: Is it fit to be read?}
        - id: scan
          uses: wait-for-signal
          with: {name: scanned, timeout: 1d}
        - id: pages
          uses: foreach
          with: {items: steps.scan.data.pages, workflow: page, parallel: 2}
        - id: never
          uses: noop
          when: steps.pages.total > 100
      on-failure:
        id: tell
        uses: noop
      """)
    try workflow("page", "name: page\nsteps:\n  - id: nap\n    uses: sleep\n    with: {for: 300ms}\n")
  }

  private func workflow(_ name: String, _ text: String) throws {
    let folder = it.data + "/workflows"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).yaml"))
  }

  private func submit(_ name: String = "a.md") async throws -> String {
    let path = try it.write(name, "words of \(name)")
    return try #require(try await it.json("submit", path, "--workflow", "review").first)["job"].text
  }

  private func kill(_ worker: RunningProgram) async throws {
    worker.signal(SIGKILL)
    _ = try await worker.wait()
  }

  @Test("approvals, signals and children survive killed workers; nothing that was answered is asked for again")
  func goesOn() async throws {
    let job = try await submit()
    let first = try it.start("worker")
    let asking = try await it.eventually("the approval", in: "job", "show", job) { $0["state"].text == "waiting" }
    #expect(asking["waits_for"]["kind"].text == "approval")
    #expect(asking["waits_for"]["command"].text == "ingestd job approve \(job)")
    try await kill(first)

    let approved = try #require(
      try await it.json("job", "approve", job, "--reason", "read it", "--by", "ann").first)
    #expect(approved["taken"].bool == true)
    #expect(approved["state"].text == "queued")
    // The signal comes before the job waits for it, while no worker runs.
    let early = try #require(
      try await it.json("job", "signal", job, "scanned", "--data", "{\"pages\": [7, 8, 9]}").first)
    #expect(early["taken"].bool == false)

    let second = try it.start("worker")
    let spreading = try await it.eventually("a child ends", in: "job", "show", job) {
      ($0["children"]["ended"].int ?? 0) >= 1
    }
    #expect(spreading["children"]["total"].int == 3)
    try await kill(second)
    try await it.drain()
    let done = try await it.eventually("the end", in: "job", "show", job) { $0["state"].text == "completed" }
    #expect(done["steps"].list.map { $0["state"].text } == ["completed", "completed", "completed", "skipped"])
    #expect(done["children"]["completed"].int == 3)
    let jobs = try await it.json("job", "list")
    #expect(jobs.count == 4)
    #expect(try await it.run("job", "show", job).output.contains("3 of 3 ended"))
  }

  @Test("a rejected approval makes a dead letter with its reason and runs the on-failure step; a redrive asks again")
  func rejected() async throws {
    let job = try await submit()
    try await it.drain(status: 75)
    let refused = try await it.run("job", "approve", job, "--reject", "--reason", "wrong file", "--by", "ann")
    #expect(refused.status == 0, "\(refused.error)")
    try await it.drain()
    let dead = try #require(try await it.json("job", "show", job).first)
    #expect(dead["state"].text == "dead")
    #expect(dead["error"]["code"].text == "APPROVAL_REJECTED")
    #expect(dead["error"]["message"].text.contains("by ann: wrong file"))
    #expect(dead["steps"].list.last?["id"].text == "tell")
    #expect(dead["steps"].list.last?["state"].text == "completed")
    #expect(try await it.run("job", "signal", job, "scanned").status == 4)
    #expect(try await it.run("dead", "redrive", job).status == 0)
    try await it.drain(status: 75)
    #expect(try await it.json("job", "show", job).first?["waits_for"]["kind"].text == "approval")
  }

  @Test("a cancel reaches the job of a killed worker, a waiting job, and the children of a cancelled one")
  func cancels() async throws {
    let job = try await submit()
    let worker = try it.start("worker")
    try await it.eventually("the approval", in: "job", "show", job) { $0["state"].text == "waiting" }
    #expect(try await it.run("job", "approve", job).status == 0)
    let pages = "{\"pages\": [" + (0..<200).map(String.init).joined(separator: ",") + "]}"
    #expect(try await it.run("job", "signal", job, "scanned", "--data", "-", input: pages).status == 0)
    try await it.eventually("the children", in: "job", "show", job) {
      $0["children"]["total"].int == 200 && $0["state"].text == "waiting"
    }
    try await kill(worker)
    #expect(try await it.json("job", "cancel", job).first?["state"].text == "cancelled")
    try await it.drain()
    let status = try #require(try await it.json("status").first)
    #expect(status["queued"].int == 0 && status["running"].int == 0 && status["waiting"].int == 0)
    let children = try #require(try await it.json("job", "show", job).first)["children"]
    #expect(children["ended"].int == 200)
    #expect((children["cancelled"].int ?? 0) > 150)
    let late = try await it.run("job", "signal", job, "scanned")
    #expect(late.status == 4)
    #expect(late.says("JOB_ENDED") || late.error.contains("takes no signals"))
  }

  @Test("bad signals and far too many items are refused clearly, and no job is left waiting")
  func badInput() async throws {
    let job = try await submit()
    #expect(try await it.run("job", "signal", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "scanned").status == 3)
    #expect(try await it.run("job", "signal", job, "two words").status == 2)
    #expect(try await it.run("job", "signal", job, "scanned", "--payload", "{oops").status == 2)
    #expect(try await it.run("job", "signal", job, "scanned", "--data", "@/dev/zero").status == 4)
    #expect(try await it.run("job", "signal", job, "scanned", "--data", "@/nowhere").status == 2)
    #expect(try await it.run("job", "approve", job).status == 4)
    #expect(try await it.run("job", "approve", job, "--step", "scan").status == 3)
    #expect(try await it.run("job", "approve", job, "--step", "ask").status == 0)
    let huge = "{\"pages\": 1000000}"
    #expect(try await it.run("job", "signal", job, "scanned", "--data", huge).status == 0)
    try await it.drain()
    let dead = try #require(try await it.json("job", "show", job).first)
    #expect(dead["error"]["code"].text == "FOREACH_TOO_MANY")
    #expect(dead["children"] == .null)
  }
}
