import Foundation
import Glibc
import IngestTestKit
import Testing

/// Commands of an operator on many jobs, and following one job.
@Suite("Commands on jobs")
struct JobCommandTests {
  private let it: DataFolderFixture

  init() throws {
    it = try DataFolderFixture()
    try it.configure("")
    try workflow("say", "steps:\n  - {id: say, uses: exec, with: {command: [sh, -c, 'echo spoken >&2']}}")
    try workflow(
      "stay", "steps:\n  - {id: ask, uses: approval, with: {message: Well?}}\n  - {id: end, uses: noop}")
  }

  private func workflow(_ name: String, _ steps: String) throws {
    let folder = it.data + "/workflows"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("name: \(name)\n\(steps)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).yaml"))
  }

  /// Submits `count` documents to a source.
  private func submit(_ count: Int, _ workflow: String, source: String = "default", _ more: String...) async throws
    -> [String]
  {
    for number in 0..<count { try it.write("\(source)/\(number).md", "words \(number) of \(source)") }
    let folder = it.documents + "/" + source
    let run = try await it.run(
      ["submit", folder, "--workflow", workflow, "--source", source, "--json"] + more)
    #expect(run.status == 0, "\(run.error)")
    return try JSONValue.lines(run.output).map { $0["job"].text }
  }

  @Test("a job's log is printed line by line, can be followed until the job ends, and is the same when read later")
  func logs() async throws {
    let job = try #require(try await submit(1, "say").first)
    let follower = try it.start("job", "logs", job, "--follow", "--json")
    try await eventually("the first line") { !follower.output.isEmpty }
    try await it.drain()
    #expect(try await follower.wait() == 0)
    let followed = try JSONValue.lines(follower.output)
    #expect(followed.first?["event"].text == "queued" && followed.last?["event"].text == "completed")
    let whole = try await it.json("job", "logs", job)
    #expect(whole.map { $0["event"].text } == ["queued", "claimed", "log", "step-completed", "completed"])
    // The start of a step may be printed while it runs. No other line is missing or printed twice.
    let lasting = followed.filter { $0["event"].text != "step-started" }
    #expect(Set(lasting) == Set(whole) && lasting.count == whole.count)
    #expect(whole.allSatisfy { $0.keys.isSuperset(of: ["at", "event"]) && $0["at"].text.hasSuffix("Z") })
    let line = try #require(whole.first { $0["event"].text == "log" })
    #expect(line["step"].text == "say" && line["attempt"].int == 1 && line["text"].text == "spoken")
    let read = try await it.run("job", "logs", String(job.prefix(20)))
    #expect(read.lines.count == 5 && read.output.contains("[say, attempt 1] spoken"))
    #expect(try await it.run("job", "logs", "01ZZZZZZ").status == 3)
    // An ended job is not waited for.
    #expect(try await it.run("job", "logs", job, "--follow").lines.count == 5)
  }

  private static let counts = [
    "dry_run", "total", "counts", "jobs",
  ]

  /// Runs a command as a dry run and then for real. Both must report the same, and the dry run must change nothing.
  private func both(_ words: String..., location: SourceLocation = #_sourceLocation) async throws -> JSONValue {
    let status = try await it.json("status").first
    let would = try #require(try JSONValue.lines(try await it.run(words + ["--dry-run", "--json"]).output).first)
    let after = try await it.json("status").first
    for state in ["queued", "running", "waiting", "completed", "cancelled", "dead"] {
      #expect(status?[state] == after?[state], sourceLocation: location)
    }
    let person = try await it.run(words + ["--dry-run"])
    #expect(person.status == 0 && person.output.contains("nothing was changed"), sourceLocation: location)
    #expect(person.lines.allSatisfy { $0.count <= 80 }, "\(person.output)", sourceLocation: location)
    let did = try #require(try JSONValue.lines(try await it.run(words + ["--json"]).output).first)
    for value in [would, did] { #expect(value.keys.isSuperset(of: Self.counts), sourceLocation: location) }
    #expect(would["dry_run"].bool == true && did["dry_run"].bool == false, sourceLocation: location)
    #expect(would["counts"] == did["counts"] && would["total"] == did["total"], sourceLocation: location)
    for field in ["id", "verdict", "kept"] {
      #expect(
        would["jobs"].list.map { $0[field] } == did["jobs"].list.map { $0[field] }, "\(field)",
        sourceLocation: location)
    }
    return did
  }

  @Test("bulk cancel, retry and replay do what their dry run reported, to the filtered jobs only")
  func bulk() async throws {
    let kept = try await submit(2, "stay", source: "kept")
    let later = try await submit(3, "stay", source: "later", "--delay", "1h")
    let waits = try await submit(3, "stay", source: "waits")
    let ended = try await submit(60, "say", source: "ended")
    let retried = try await both("job", "retry", "--source", "later", "--reason", "scheduled")
    #expect(retried["counts"]["due"].int == 3 && retried["total"].int == 3)
    #expect(try await it.json("job", "show", later[0]).first?["reason"].text == "ready")
    try await it.drain(status: 75)

    let cancelled = try await both("job", "cancel", "--source", "waits", "--workflow", "stay")
    #expect(cancelled["counts"]["cancelled"].int == 3)
    #expect(Set(cancelled["jobs"].list.map { $0["id"].text }) == Set(waits))
    #expect(try await it.json("job", "show", kept[0]).first?["state"].text == "waiting")
    #expect(try await both("job", "cancel", "--source", "waits")["total"].int == 0)

    let replayed = try await both("job", "replay", "--workflow", "say", "--from", "say")
    #expect(replayed["counts"]["replayed"].int == 60 && replayed["jobs"].list.count == 50)
    #expect(Set(ended).isSuperset(of: replayed["jobs"].list.map { $0["id"].text }))
    try await it.drain(status: 75)
    let jobs = try await it.json("job", "list", "--source", "ended", "--limit", "200")
    #expect(jobs.count == 120 && jobs.allSatisfy { $0["state"].text == "completed" })
    #expect(Set(jobs.compactMap { $0["replay_of"] == .null ? nil : $0["replay_of"].text }) == Set(ended))
    // All jobs must be selected explicitly.
    let all = try await both("job", "cancel", "--all")
    #expect(all["counts"]["cancelled"].int == 5)
  }

  @Test(
    "a command refuses all jobs by default, and ids with a filter; unknown names are reported with the nearest ones")
  func refusals() async throws {
    let job = try #require(try await submit(1, "say").first)
    try await it.drain()
    for command in ["cancel", "retry", "replay"] {
      let bare = try await it.run("job", command)
      #expect(bare.status == 2 && bare.says("JOB_SELECTION_MISSING"), "\(command)")
      let twice = try await it.run("job", command, job, "--all")
      #expect(twice.status == 2 && twice.says("JOB_SELECTION_TWICE"), "\(command)")
      let unknown = try await it.run("job", command, "01ZZZZZZ")
      #expect(unknown.status == 3 && unknown.says("JOB_NOT_FOUND"), "\(command): \(unknown.error)")
      // A state that does not fit the command selects nothing.
      #expect(try await it.run("job", command, "--state", "running", "--dry-run").status == 0)
      let index = try await it.run("job", command, "--index", "dosc")
      #expect(index.status == 3 && index.error.contains("docs"), "\(command): \(index.error)")
    }
    #expect(try await it.run("job", "cancel", job).says("JOB_ENDED"))
    #expect(try await it.run("job", "retry", job).says("JOB_NOT_QUEUED"))
    let step = try await it.run("job", "replay", job, "--from", "sya")
    #expect(step.status == 3 && step.says("STEP_NOT_FOUND") && step.error.contains("'say'"), "\(step.error)")
    let json = try await it.run("job", "replay", job, "--from", "sya", "--json")
    #expect(try JSONValue.lines(json.output).first?["error"]["code"].text == "STEP_NOT_FOUND")
    // One of several jobs is refused, the others are replayed.
    let other = try #require(try await submit(1, "say", source: "other").first)
    let mixed = try await it.run("job", "cancel", job, other)
    #expect(mixed.status == 4 && mixed.says("JOB_ENDED"))
    #expect(try await it.json("job", "show", other).first?["state"].text == "cancelled")
    #expect(try await it.run("job", "replay", other).status == 0)
    let busy = try await it.run("job", "replay", other)
    #expect(busy.status == 4 && busy.says("DOCUMENT_BUSY"))
  }
}
