import FoundationEssentials
import Glibc
import IngestIndex
import IngestTestKit
import Testing

/// A checker must be seen to fail: each test runs the same events with a bug in the program and without it.
@Suite("Injected bugs", .serialized)
struct InjectedBugTests {
  @Test(
    "a late worker's checkpoint that counts is found", .timeLimit(.minutes(15)),
    arguments: [nil, InjectedBug.droppedFence])
  func droppedFence(bug: InjectedBug?) async throws {
    var small = try await SmallSite()
    try await small.submit("a.md")
    let late = try small.site.startWorker(FireOrder(.checkpointBefore, act: .stop), bug: bug, concurrency: 1)
    try await small.site.stop(late)
    let heir = try small.site.startWorker(FireOrder(.checkpointAfter, act: .stop), bug: bug, concurrency: 1)
    try await small.site.stop(heir)
    // The other worker has the job and has stored the step; now the late one wakes and stores it too.
    try small.site.wake(late)
    late.signal(SIGTERM)
    _ = try await late.wait()
    try small.site.wake(heir)
    heir.signal(SIGTERM)
    _ = try await heir.wait()
    _ = try await small.site.drain()
    try await small.expect(bug, "checkpointed twice")
  }

  @Test(
    "a checkpoint that is stored before its effect is found", .timeLimit(.minutes(15)),
    arguments: [nil, InjectedBug.checkpointBeforeEffect])
  func checkpointBeforeEffect(bug: InjectedBug?) async throws {
    var small = try await SmallSite()
    try await small.submit("a.md")
    try await small.kill(.finishAfter, bug)
    try await small.expect(bug, "index verify")
  }

  @Test(
    "a delete that happens before the write is found", .timeLimit(.minutes(15)),
    arguments: [nil, InjectedBug.deleteBeforeWrite])
  func deleteBeforeWrite(bug: InjectedBug?) async throws {
    var small = try await SmallSite()
    try await small.submit("a.md")
    _ = try await small.site.drain()
    try await small.submit("a.md")
    let worker = try small.site.startWorker(FireOrder(.writeBefore), bug: bug)
    #expect(try await worker.wait() == ChaosSite.killed)
    let found = try await SearchProbe.with(small.site) { try await $0.search("zma").hits.isEmpty }
    // No worker has the job now. With the bug a reader finds nothing.
    #expect(found == (bug != nil))
    small.site.noteInterruption()
    _ = try await small.site.drain()
    try await small.expect(nil, "")
  }

  @Test(
    "an answer of the provider that is not stored is found", .timeLimit(.minutes(15)),
    arguments: [nil, InjectedBug.cacheNotCommitted])
  func cacheNotCommitted(bug: InjectedBug?) async throws {
    var small = try await SmallSite()
    try await small.submit("a.md")
    _ = try await small.site.drain(bug)
    let built = try await small.site.run(["index", "build", "docs", "--force"])
    #expect(built.status == 0, "\(built.error)")
    _ = try await small.site.drain(bug)
    // One process ran after the other, so no answer was under way.
    let findings = small.site.wrongPayments(commitTime: 0)
    #expect(findings.contains { $0.hasPrefix("paid twice") } == (bug != nil), "\(findings)")
  }

  @Test(
    "a blob's row that is written before its file is found", .timeLimit(.minutes(15)),
    arguments: [nil, InjectedBug.rowBeforeBlob])
  func rowBeforeBlob(bug: InjectedBug?) async throws {
    var small = try await SmallSite()
    try await small.submit("a.md")
    try await small.submit("a.md", size: .large, order: FireOrder(.noteAfter), bug: bug)
    _ = try await small.site.drain()
    try await small.expect(bug, "has a row and no file")
  }
}

/// A small data folder for one sequence of events.
struct SmallSite {
  let site: ChaosSite
  var ledger = Ledger()
  private var words = 0

  init() async throws { site = try await ChaosSite() }

  mutating func submit(
    _ uri: String, size: Papers.Size = .small, order: FireOrder? = nil, bug: InjectedBug? = nil
  ) async throws {
    words += 1
    let mark = "zm" + uri.prefix { $0 != "." }
    let word = "zq\(words)x\(uri.prefix { $0 != "." })"
    let path = site.inbox + "/" + uri
    try Papers.text(mark: mark, word: word, size: size).write(toFile: path, atomically: true, encoding: .utf8)
    ledger.ask(uri, mark: mark, source: "default", word: word)
    let run = try await site.run(["submit", path, "--root", site.inbox, "--json"], order: order, bug: bug)
    if run.status == ChaosSite.killed { return ledger.leaveUnknown(uri, word: word) }
    #expect(run.status == 0, "\(run.output) \(run.error)")
    for line in run.lines {
      let report = try TestJSON.decode(SubmitReport.self, String(line))
      #expect(ledger.acknowledge(uri, revision: report.revision, word: word) == nil)
    }
  }

  /// Starts a worker that dies at a point, and lets another one finish the work.
  func kill(_ point: CrashPoint, _ bug: InjectedBug?) async throws {
    let worker = try site.startWorker(FireOrder(point), bug: bug)
    #expect(try await worker.wait() == ChaosSite.killed)
    site.noteInterruption()
    _ = try await site.drain()
  }

  /// Expects no finding without a bug, and this finding with one.
  func expect(_ bug: InjectedBug?, _ finding: String) async throws {
    let findings = try await site.verdict(ledger)
    if bug == nil {
      #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    } else {
      #expect(findings.contains { $0.contains(finding) }, "\(findings.joined(separator: "\n"))")
    }
  }
}
