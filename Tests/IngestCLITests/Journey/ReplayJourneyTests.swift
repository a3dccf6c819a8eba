import Foundation
import Glibc
import IngestTestKit
import Testing

/// Replays and cancels through the command line, with workers that are killed in between. Each run of a step appends a
/// line to a file, so the test counts real runs.
@Suite("Replays and cancels with killed workers", .serialized, .timeLimit(.minutes(15)))
struct ReplayJourneyTests {
  private let it: DataFolderFixture

  init() throws {
    it = try DataFolderFixture()
    try it.configure("")
  }

  private var runs: String { it.folder.file("runs") }
  /// A file: while it exists, the last step does not end.
  private var hold: String { it.folder.file("hold") }
  /// A file with the process id of the step that does not end.
  private var pid: String { it.folder.file("pid") }

  private func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

  /// The steps that ran so far, in order.
  private var ran: [String] { text(runs).split(separator: "\n").map(String.init) }

  private func workflow(_ steps: [String]) throws {
    let lines = steps.map { step in
      "  - {id: \(step), uses: exec, with: {command: [sh, -c, 'echo \(step) >> \(runs)\(step == steps.last ? waiting : "")']}}"
    }
    let folder = it.data + "/workflows"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(("name: mine\nsteps:\n" + lines.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: folder + "/mine.yaml"))
  }

  private var waiting: String {
    "; [ -e \(hold) ] || exit 0; echo $$ > \(pid).new; mv \(pid).new \(pid); exec sleep 3600"
  }

  private func set(_ path: String) throws { try Data().write(to: URL(fileURLWithPath: path)) }
  private func remove(_ path: String) { unlink(path) }

  private func submit() async throws -> String {
    let path = try it.write("a.md", "words")
    return try #require(try await it.json("submit", path, "--workflow", "mine").first)["job"].text
  }

  private func show(_ job: String) async throws -> JSONValue {
    try #require(try await it.json("job", "show", job).first)
  }

  /// Waits until the last step runs and hangs.
  private func hangs() async throws { try await eventually("the last step") { text(pid).hasSuffix("\n") } }

  private func kill(_ worker: RunningProgram) async throws {
    worker.signal(SIGKILL)
    _ = try await worker.wait()
    remove(pid)
  }

  @Test("a replay inherits the steps before its own, survives a killed worker, and runs nothing twice")
  func replay() async throws {
    try workflow(["a", "b", "c", "d"])
    let job = try await submit()
    try await it.drain()
    #expect(ran == ["a", "b", "c", "d"])
    let before = try await show(job)

    try set(hold)
    let replayed = try #require(try await it.json("job", "replay", job, "--from", "c").first)
    #expect(replayed["replay_of"].text == job && replayed["kept"].list == [.text("a"), .text("b")])
    let new = replayed["job"].text
    let worker = try it.start("worker")
    try await hangs()
    try await kill(worker)
    remove(hold)
    try await it.drain()

    // Only the step that was in flight at the kill ran again.
    #expect(ran == ["a", "b", "c", "d", "c", "d", "d"])
    let done = try await show(new)
    #expect(done["state"].text == "completed" && done["replay_of"].text == job)
    #expect(done["steps"][0]["finished_at"] == before["steps"][0]["finished_at"])
    let events = try await it.json("job", "logs", new)
    #expect(events.filter { $0["event"].text == "step-inherited" }.map { $0["step"].text } == ["a", "b"])
    #expect(events.first?["text"].text == "replay of \(job)")
    #expect(events.contains { $0["event"].text == "claimed-again" })
    let original = try await show(job)
    #expect(original["steps"] == before["steps"] && original["finished_at"] == before["finished_at"])
    #expect(try await it.json("job", "logs", job).contains { $0["event"].text == "replayed" && $0["text"].text == new })
    #expect(try await it.json("job", "list").count == 2)
    // A replay can itself be replayed, also from the start.
    #expect(try await it.json("job", "replay", new).first?["kept"].list == [])
    try await it.drain()
    #expect(ran.suffix(4) == ["a", "b", "c", "d"])
  }

  @Test("replaying an ingested document from upsert parses and pays for nothing, and leaves the index as before")
  func ingested() async throws {
    let server = try EmbeddingServer()
    try it.configure(embedder: server)
    let path = try it.write("a.md", "# A\n\nwords to embed")
    let job = try #require(try await it.json("submit", path).first)["job"].text
    try await it.drain()
    let paid = server.paid
    #expect(paid.count == 1)
    let replayed = try #require(try await it.json("job", "replay", job, "--from", "upsert").first)
    #expect(replayed["kept"].list.map(\.text) == ["parse", "chunk", "embed"])
    try await it.drain()
    #expect(try await show(replayed["job"].text)["state"].text == "completed")
    // A replay from the first step finds the stored vectors.
    #expect(try await it.run("job", "replay", job).status == 0)
    try await it.drain()
    #expect(server.paid == paid)
    #expect(try await it.search("words to embed") == ["a.md"])
    #expect(try await it.run("index", "verify", "docs").status == 0)
  }

  @Test("a job whose worker dies around the time of a cancel ends cancelled and never runs again")
  func cancelled() async throws {
    try workflow(["a", "b"])
    for isCancelledFirst in [true, false] {
      try set(hold)
      let job = try await submit()
      let worker = try it.start("worker")
      try await hangs()
      if isCancelledFirst {
        // The stopped worker cannot see the cancel, so the request must outlive it.
        worker.signal(SIGSTOP)
        let answer = try #require(try await it.json("job", "cancel", job).first)
        #expect(answer["job"].text == job && answer["state"].text == "running")
        try await kill(worker)
      } else {
        try await kill(worker)
        #expect(try await it.json("job", "cancel", job).first?["state"].text != "completed")
      }
      // If the job ran again, it would end and be counted.
      remove(hold)
      try await it.drain()
      #expect(try await show(job)["state"].text == "cancelled")
      #expect(ran == ["a", "b"], "cancelled first: \(isCancelledFirst)")
      try await it.drain()
      #expect(ran == ["a", "b"])
      #expect(try await it.run("job", "cancel", job).status == 4)
      remove(runs)
    }
  }

  @Test("a cancel wakes the worker, which ends the running step")
  func reached() async throws {
    try it.configure(DataFolderFixture.rareHeartbeats)
    try workflow(["a", "b"])
    try set(hold)
    let job = try await submit()
    let worker = try it.start("worker")
    try await hangs()
    #expect(try await it.run("job", "cancel", job).status == 0)
    try await it.eventually("the end") { $0["cancelled"].int == 1 }
    let events = try await it.json("job", "logs", job)
    #expect(events.map { $0["event"].text }.filter { $0.hasPrefix("cancel") } == ["cancel-requested", "cancelled"])
    #expect(try await show(job)["finished_at"].text != "")
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
    #expect(ran == ["a", "b"])
  }
}
