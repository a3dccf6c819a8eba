import Glibc
import IngestSQL
import IngestTestKit
import Testing

/// Stopped workers: they lose their jobs when their lease runs out, and continue later without knowing it.
@Suite("Stopped workers", .serialized)
struct StoppedWorkerTests {
  private static let points: [CrashPoint] = [
    .claimAfter, .cacheBefore, .checkpointBefore, .writeBefore, .finishBefore, .removeBefore,
  ]

  @Test(
    "a worker that wakes after its lease has run out does no harm, regardless of where it was stopped",
    .timeLimit(.minutes(3)))
  func zombies() async throws {
    var pen = try await Pen()
    try await pen.submit("a.md")
    _ = try await pen.site.drain()
    for point in Self.points {
      if point == .removeBefore {
        let deleted = try await pen.site.run(["delete", "a.md", "--json"])
        let report = try TestJSON.decode(SubmitReport.self, deleted.output)
        #expect(pen.ledger.acknowledge("a.md", revision: report.revision, word: nil) == nil)
      } else {
        try await pen.submit("a.md")
      }
      let zombie = try pen.site.startWorker(FireOrder(point, act: .stop))
      try await pen.site.stop(zombie)
      // The stopped worker still holds its lock, so only the end of its lease frees the job. Then a newer version
      // overtakes it.
      let heir = try pen.site.startWorker()
      try await pen.site.idle(but: zombie)
      if point != .removeBefore {
        try await pen.submit("a.md")
        try await pen.site.idle(but: zombie)
      }
      try pen.site.wake(zombie)
      zombie.signal(SIGTERM)
      #expect(try await zombie.wait() == 0, "\(point): \(zombie.error)")
      heir.signal(SIGTERM)
      #expect(try await heir.wait() == 0)
    }
    let drain = try await pen.site.drain()
    #expect(drain.status == 0, "\(drain.error)")
    #expect(pen.site.fired.at == Self.points.map(\.rawValue))
    try await pen.expect(nil, "")
  }
}

extension ChaosSite {
  /// Waits until every job has ended, while one worker is stopped.
  func idle(but stopped: RunningProgram) async throws {
    try await SearchProbe.with(self) { probe in
      try await eventually("all jobs end while \(stopped.processID) is stopped") {
        try await probe.database.read { db in
          try db.first("SELECT count(*) FROM jobs WHERE finished_at IS NULL") { $0.int(0) }
        } == 0
      }
    }
  }
}
