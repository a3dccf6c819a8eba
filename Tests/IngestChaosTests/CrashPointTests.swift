import FoundationEssentials
import Glibc
import IngestSQL
import IngestTestKit
import Testing

/// Kills a real process at every named point, proves that each point was reached, and checks what is left.
@Suite("Named crash points", .serialized)
struct CrashPointTests {
  @Test("a process dies at every named point, and nothing is lost, done twice or left behind", .timeLimit(.minutes(15)))
  func everyPoint() async throws {
    var round = try await PointRound()
    try await round.submits()
    try await round.steps()
    try await round.longDocuments()
    try await round.deaths()
    try await round.generations()
    try await round.upkeep()

    let fired = round.site.fired
    let missed = CrashPoint.allCases.map(\.rawValue).filter { !fired.at.contains($0) }
    #expect(missed.isEmpty, "never reached")
    print("crash points: \(fired.at.count) kills at \(Set(fired.at).count) points")
    let findings = try await round.site.verdict(round.ledger)
    #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
  }
}

/// The work that leads to each point.
struct PointRound {
  let site: ChaosSite
  var ledger = Ledger()
  private var words = 0

  init() async throws {
    // This limit of step starts is never reached, but it makes the workers ask for permission.
    site = try await ChaosSite(
      """
      limits:
        - {throttle: 10000/s burst 10000, counts: steps}
      retention: {interval: 1s}
      """)
    let workflows = site.data + "/workflows"
    try FileManager.default.createDirectory(atPath: workflows, withIntermediateDirectories: true)
    try """
    name: mourned
    description: Says goodbye to what dies.
    steps:
      - {id: parse, uses: parse}
      - {id: chunk, uses: chunk}
      - {id: embed, uses: embed}
      - {id: upsert, uses: upsert}
    on-failure: {id: goodbye, uses: noop}
    """.write(toFile: workflows + "/mourned.yaml", atomically: true, encoding: .utf8)
    _ = try await submit("first.md")
    try await settle()
  }

  // MARK: Actions

  /// Submits a new version of a document. An order may kill the submitting program.
  @discardableResult
  private mutating func submit(
    _ uri: String, size: Papers.Size = .small, pages: Int = 0, order: FireOrder? = nil
  ) async throws -> ProgramRun {
    words += 1
    let word = "zq\(words)x"
    let mark = "zm" + uri.filter(\.isLetter)
    let path = site.inbox + "/" + uri
    if pages > 0 {
      try Data(Papers.pdf(pages: pages, word: mark + " " + word)).write(to: URL(filePath: path))
    } else {
      try Papers.text(mark: mark, word: word, size: size).write(toFile: path, atomically: true, encoding: .utf8)
    }
    ledger.ask(uri, mark: mark, source: "default", word: word)
    let run = try await site.run(["submit", path, "--root", site.inbox, "--json"], order: order)
    try note(run, uri, word)
    return run
  }

  private mutating func delete(_ uri: String, order: FireOrder? = nil) async throws {
    try note(try await site.run(["delete", uri, "--json"], order: order), uri, nil)
  }

  private mutating func note(_ run: ProgramRun, _ uri: String, _ word: String?) throws {
    if run.status == ChaosSite.killed { return ledger.leaveUnknown(uri, word: word) }
    #expect(run.status == 0, "\(run.output) \(run.error)")
    for line in run.lines {
      let report = try TestJSON.decode(SubmitReport.self, String(line))
      if let wrong = ledger.acknowledge(uri, revision: report.revision, word: word) { Issue.record("\(wrong)") }
    }
  }

  private func settle() async throws {
    let drain = try await site.drain()
    #expect(drain.status == 0, "\(drain.error)")
  }

  /// Starts a worker that must die at the point.
  private func die(_ point: CrashPoint, visit: Int = 1, settles: Bool = true) async throws {
    let worker = try site.startWorker(FireOrder(point, visit: visit))
    try await expectDeath(worker, point)
    if settles { try await settle() }
  }

  private func expectDeath(_ worker: RunningProgram, _ point: CrashPoint) async throws {
    do {
      let status = try await worker.wait()
      #expect(status == ChaosSite.killed, "\(point): \(worker.error)")
    } catch {
      Issue.record("\(point.rawValue) was not reached: \(worker.error)")
    }
    site.noteInterruption()
  }

  /// Runs a command that must die at the point.
  private func die(_ point: CrashPoint, _ words: [String], environment: [String: String] = [:]) async throws {
    let run = try await site.run(words, order: FireOrder(point), environment: environment)
    #expect(run.status == ChaosSite.killed, "\(point.rawValue): \(run.output) \(run.error)")
  }

  // MARK: - The points

  mutating func submits() async throws {
    for point in [CrashPoint.submitBefore, .submitAfter] {
      let run = try await submit("first.md", order: FireOrder(point))
      #expect(run.status == ChaosSite.killed)
    }
    try await delete("first.md", order: FireOrder(.submitAfter))
    for point in [CrashPoint.noteBefore, .noteAfter] {
      let run = try await submit("large.md", size: .large, order: FireOrder(point))
      #expect(run.status == ChaosSite.killed)
    }
    try await submit("first.md")
    for point in [CrashPoint.actBefore, .actAfter] { try await die(point, ["job", "cancel", "--source", "default"]) }
    try await submit("first.md")
    try await settle()
  }

  mutating func steps() async throws {
    let points: [CrashPoint] = [
      .registerBefore, .registerAfter, .claimBefore, .claimAfter, .admitBefore, .admitAfter, .checkpointBefore,
      .checkpointAfter, .enterAfter, .leaveBefore, .cacheBefore, .cacheAfter, .writeBefore, .writeAfter,
      .finishBefore, .finishAfter,
    ]
    for point in points {
      try await submit("second.md")
      try await die(point)
    }
    for point in [CrashPoint.removeBefore, .removeAfter] {
      try await delete("second.md")
      try await die(point)
      try await submit("second.md")
      try await settle()
    }
    for point in [CrashPoint.renewBefore, .renewAfter] {
      site.server.script([.hang])
      try await submit("second.md")
      try await die(point)
    }
  }

  mutating func longDocuments() async throws {
    for point in [CrashPoint.saveBefore, .saveAfter, .stageBefore, .stageAfter, .publishBefore, .publishAfter] {
      try await submit("huge.md", size: .huge)
      try await die(point)
    }
    for point in [CrashPoint.pageBefore, .pageAfter] {
      try await submit("pages.pdf", pages: 1500)
      try await die(point)
    }
  }

  /// Reaches the points that follow deaths of workers and jobs.
  mutating func deaths() async throws {
    for point in [CrashPoint.reclaimBefore, .reclaimAfter] {
      try await submit("second.md")
      try await die(.checkpointBefore, settles: false)
      try await die(point)
    }
    for point in [CrashPoint.settleBefore, .settleAfter] {
      // The write was done but not recorded, and the job was cancelled: the next worker settles what the index shows,
      // and dies there.
      try await submit("second.md")
      try await die(.writeAfter, settles: false)
      let cancelled = try await site.run(["job", "cancel", "--source", "default"])
      #expect(cancelled.status == 0, "\(cancelled.error)")
      try await die(point)
    }
    for point in [CrashPoint.deregisterBefore, .deregisterAfter] {
      let worker = try site.startWorker(FireOrder(point))
      try await eventually("a worker is there") { try await site.workers().contains(worker.processID) }
      worker.signal(SIGTERM)
      try await expectDeath(worker, point)
    }
    for point in [CrashPoint.markFailingBefore, .markFailingAfter] {
      let broken = try await site.run(
        ["submit", "-", "--uri", "broken-\(point.rawValue).pdf", "--source", "broken", "--workflow", "mourned"],
        input: "%PDF-1.4 and no more")
      #expect(broken.status == 0, "\(broken.error)")
      try await die(point)
    }
    // The dead job would keep green from becoming like live.
    let purged = try await site.run(["dead", "purge", "--all"])
    #expect(purged.status == 0, "\(purged.error)")
  }

  mutating func generations() async throws {
    let build = ["index", "build", "docs", "--force"]
    for point in [CrashPoint.openBefore, .openAfter, .createBefore, .createAfter] { try await die(point, build) }
    for point in [CrashPoint.fillBefore, .fillAfter] {
      let built = try await site.run(build)
      #expect(built.status == 0, "\(built.error)")
      try await die(point)
    }
    try await settle()
    for point in [CrashPoint.swapBefore, .swapAfter] { try await die(point, ["index", "swap", "docs"]) }
    // From here on a build that is ready is swapped in by its own job.
    try """
    name: reindex
    description: Fills a generation and swaps it in.
    steps:
      - {id: fill, uses: fill}
      - {id: verify, uses: verify}
      - {id: ready, uses: ready}
      - {id: swap, uses: swap}
    """.write(toFile: site.data + "/workflows/reindex.yaml", atomically: true, encoding: .utf8)
    for point in [CrashPoint.aliasBefore, .aliasAfter] {
      let built = try await site.run(build)
      #expect(built.status == 0, "\(built.error)")
      try await die(point)
    }
    for point in [CrashPoint.closeBefore, .closeAfter, .deleteBefore, .deleteAfter] {
      try await die(point, ["index", "gc", "docs"])
    }
  }

  mutating func upkeep() async throws {
    for point in [CrashPoint.unlinked, .collectAfter] {
      // Bytes that were stored for a submit that never came.
      try await submit("large.md", size: .large, order: FireOrder(.noteAfter))
      try await die(point, ["index", "gc", "docs"], environment: ["INGESTD_BLOBS_GC_GRACE": "0s"])
    }
    try await delete("first.md")
    try await settle()
    // Two days pass.
    let age = 2 * 86_400_000_000
    try await DatabaseEdit.run(
      "UPDATE documents SET changed_at = changed_at - \(age); UPDATE jobs SET finished_at = finished_at - \(age)",
      on: site.data + "/ingestd.db")
    for point in [CrashPoint.tombstonesBefore, .tombstonesAfter] {
      let worker = try site.startWorker(FireOrder(point), environment: ["INGESTD_RETENTION_COMPLETED": "1d"])
      try await expectDeath(worker, point)
    }
  }
}

/// The report of `submit --json` and `delete --json` on one document.
struct SubmitReport: Decodable {
  var uri: String
  var revision: Int
  var outcome: String
}

extension ChaosSite {
  /// Returns the processes of the workers in the database.
  func workers() async throws -> [Int32] {
    try await SearchProbe.with(self) { probe in
      try await probe.database.read { db in try db.rows("SELECT process FROM workers") { Int32($0.int(0)) } }
    }
  }
}
