import Foundation
import Glibc
import IngestProcess
import IngestTestKit
import Testing

@Suite("Users' own steps, through the program", .timeLimit(.minutes(15)))
struct OwnStepTests {
  private func workflow(_ it: DataFolderFixture, _ name: String, _ yaml: String) throws {
    try it.configure("")
    try FileManager.default.createDirectory(atPath: it.data + "/workflows", withIntermediateDirectories: true)
    try Data("name: \(name)\n\(yaml)\n".utf8).write(to: URL(fileURLWithPath: it.data + "/workflows/\(name).yaml"))
  }

  /// Returns what a script wrote; nil until there is a whole line.
  private func line(_ path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasSuffix("\n") else { return nil }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func awaitEnd(_ pid: Int32) async {
    if kill(pid, 0) == 0 { _ = await ProcessWatch.end(of: pid) }
  }

  @Test("a workflow runs programs and calls servers under conditions, and results pass from step to step")
  func whole() async throws {
    let it = try DataFolderFixture()
    let server = try HTTPTestServer { _ in .answer(200, body: Array(#"{"ticket":7}"#.utf8)) }
    try workflow(
      it, "mine",
      """
      steps:
        - id: count
          uses: exec
          with:
            command: [sh, -c, 'echo "{\\"words\\": $(wc -w < "$INGESTD_CONTENT")}"']
        - {id: long, uses: exec, when: steps.count.words > 100, with: {command: [sh, -c, exit 65]}}
        - {id: tell, uses: http, when: meta.team == 'law', with: {url: "\(server.url)/hook"}}
      """)
    let file = try it.write("a.md", "one two three")
    #expect(try await it.run("workflow", "validate").status == 0)
    #expect(try await it.run("submit", file, "--workflow", "mine", "--meta", "team=law").status == 0)
    try await it.drain()
    let job = try #require(try await it.json("job", "list").first)
    #expect(job["state"].text == "completed")
    let body = try #require(try JSONValue.lines(server.requests.first?.text ?? "").first)
    #expect(body["results"]["count"]["words"].int == 3)
    #expect(server.requests.first?["Idempotency-Key"] == "\(job["job"].text):tell")
    withExtendedLifetime(server) {}
  }

  @Test("a program that prints garbage makes a dead letter that says so, and the on-failure step gets the error")
  func garbage() async throws {
    let it = try DataFolderFixture()
    let answer = it.folder.file("answer")
    try workflow(
      it, "mine",
      """
      steps:
        - {id: bad, uses: exec, with: {command: [echo, garbage]}}
      on-failure:
        id: tell
        uses: exec
        when: failure.code == 'EXEC_OUTPUT_INVALID'
        with: {command: [sh, -c, 'echo "$INGESTD_STEP" > \(answer)']}
      """)
    #expect(try await it.run("submit", try it.write("a.md", "words"), "--workflow", "mine").status == 0)
    _ = try await it.run("worker", "--drain")
    let dead = try #require(try await it.json("dead", "list").first)
    #expect(dead["error"]["code"].text == "EXEC_OUTPUT_INVALID")
    #expect(dead["error"]["message"].text.contains("garbage"))
    #expect(line(answer) == "tell")
  }

  @Test("a killed worker takes its programs with it, and another worker continues the job")
  func killed() async throws {
    let it = try DataFolderFixture()
    let pids = it.folder.file("pids")
    try workflow(
      it, "mine",
      """
      steps:
        - id: long
          uses: exec
          with:
            command: [sh, -c, '[ -e \(pids) ] && exit 0; sleep 3600 & echo $$ $! > \(pids).new; mv \(pids).new \(pids); wait']
      """)
    #expect(try await it.run("submit", try it.write("a.md", "words"), "--workflow", "mine").status == 0)
    let worker = try it.start("worker")
    try await eventually("the program") { line(pids) != nil }
    worker.signal(SIGKILL)
    for word in (line(pids) ?? "").split(separator: " ") { await awaitEnd(try #require(Int32(word))) }
    _ = try await worker.wait()
    try await it.drain()
    #expect(try await it.json("job", "list").first?["state"].text == "completed")
  }

  @Test("cancelling a job stops its program and that program's children")
  func cancelled() async throws {
    let it = try DataFolderFixture()
    let pids = it.folder.file("pids")
    try workflow(
      it, "mine",
      """
      steps:
        - id: long
          uses: exec
          with:
            command: [sh, -c, 'trap "" TERM; sleep 3600 & echo $$ $! > \(pids).new; mv \(pids).new \(pids); wait; sleep 3600']
      """)
    #expect(try await it.run("submit", try it.write("a.md", "words"), "--workflow", "mine").status == 0)
    let worker = try it.start("worker")
    try await eventually("the program") { line(pids) != nil }
    let job = try #require(try await it.json("job", "list").first)["job"].text
    #expect(try await it.run("job", "cancel", job).status == 0)
    for word in (line(pids) ?? "").split(separator: " ") { await awaitEnd(try #require(Int32(word))) }
    try await it.eventually("the end") { $0["cancelled"].int == 1 }
    worker.signal(SIGTERM)
    #expect(try await worker.wait() == 0)
  }

  @Test("all mistakes in a workflow file are reported with lines and hints, and the exit status is 2")
  func mistakes() async throws {
    let it = try DataFolderFixture()
    try workflow(
      it, "mine",
      """
      steps:
        - {id: a, uses: exec, when: meta.pages > 10, with: {command: []}}
        - {id: b, uses: foreach, throttle: 0/m, with: {items: steps.c.x, workflow: nobody, limit: 1000000}}
      on-failure: {id: a, uses: sleep, with: {for: 1s}}
      """)
    let run = try await it.run("workflow", "validate", "--json")
    #expect(run.status == 2)
    let output = run.output
    for message in [
      "meta.pages is text", "1 to 100", "nothing could ever start", "no step has the id", "1 to 100000",
      "two steps have the id",
      "on-failure cannot",
    ] { #expect(output.contains(message), "\(message): \(output)") }
    try workflow(it, "mine", "steps: [{id: b, uses: foreach, with: {items: task.x, workflow: mine}}]")
    let file = it.data + "/workflows/mine.yaml"
    let loop = try await it.run("workflow", "validate", file)
    #expect(loop.status == 2)
    #expect((loop.output + loop.error).contains("mine → mine"))
  }
}
