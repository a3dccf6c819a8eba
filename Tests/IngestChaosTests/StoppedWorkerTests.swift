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
    .timeLimit(.minutes(15)))
  func zombies() async throws {
    var small = try await SmallSite()
    try await small.submit("a.md")
    _ = try await small.site.drain()
    for point in Self.points {
      if point == .removeBefore {
        let deleted = try await small.site.run(["delete", "a.md", "--json"])
        let report = try TestJSON.decode(SubmitReport.self, deleted.output)
        #expect(small.ledger.acknowledge("a.md", revision: report.revision, word: nil) == nil)
      } else {
        try await small.submit("a.md")
      }
      let zombie = try small.site.startWorker(FireOrder(point, act: .stop))
      try await small.site.stop(zombie)
      // The stopped worker still holds its lock, so only the end of its lease frees the job. Then a newer version
      // overtakes it.
      let heir = try small.site.startWorker()
      try await small.site.idle(but: zombie)
      if point != .removeBefore {
        try await small.submit("a.md")
        try await small.site.idle(but: zombie)
      }
      try small.site.wake(zombie)
      zombie.signal(SIGTERM)
      #expect(try await zombie.wait() == 0, "\(point): \(zombie.error)")
      heir.signal(SIGTERM)
      #expect(try await heir.wait() == 0)
    }
    let drain = try await small.site.drain()
    #expect(drain.status == 0, "\(drain.error)")
    #expect(small.site.fired.at == Self.points.map(\.rawValue))
    try await small.expect(nil, "")
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
