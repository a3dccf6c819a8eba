import FoundationEssentials
import Glibc
import IngestSQL
import IngestTestKit
import Testing

/// Files and rows that killed processes leave behind, and how they are removed.
@Suite("Leftovers")
struct LeftoverTests {
  @Test("the lock files of killed workers are removed; those of live and of new workers stay", .timeLimit(.minutes(15)))
  func locks() async throws {
    let site = try await ChaosSite("retention: {interval: 1s}")
    let live = try site.startWorker(environment: ["INGESTD_RETENTION_INTERVAL": "1h"])
    try await eventually("a worker is there") {
      (try? FileManager.default.contentsOfDirectory(atPath: site.data + "/workers"))?.isEmpty == false
    }
    let folder = site.data + "/workers"
    let held = try FileManager.default.contentsOfDirectory(atPath: folder)
    for name in ["killed.lock", "new.lock"] { try Data().write(to: URL(filePath: "\(folder)/\(name)")) }
    // The new one is from the future, so that it stays new while the test runs.
    for (name, age) in held.map({ ($0, 3600) }) + [("killed.lock", 3600), ("new.lock", -3600)] {
      var times = [timeval](repeating: timeval(tv_sec: time(nil) - age, tv_usec: 0), count: 2)
      #expect(utimes("\(folder)/\(name)", &times) == 0)
    }
    let worker = try site.startWorker()
    try await eventually("the old lock goes") { access("\(folder)/killed.lock", F_OK) != 0 }
    for name in held + ["new.lock"] { #expect(access("\(folder)/\(name)", F_OK) == 0) }
    for program in [live, worker] {
      program.signal(SIGTERM)
      _ = try await program.wait()
    }
  }

  @Test(
    "after the cancel of a job whose worker died right after an index write, index and catalogue agree",
    .timeLimit(.minutes(15)),
    arguments: [(CrashPoint.writeAfter, false), (.stageAfter, true), (.publishAfter, true), (.removeAfter, false)])
  func cancelledBehindWrite(point: CrashPoint, isHuge: Bool) async throws {
    for isDrained in [true, false] {
      var small = try await SmallSite()
      try await small.submit("a.md")
      _ = try await small.site.drain()
      if point == .removeAfter {
        let deleted = try await small.site.run(["delete", "a.md"])
        #expect(deleted.status == 0, "\(deleted.error)")
      } else {
        try await small.submit("a.md", size: isHuge ? .huge : .small)
      }
      let worker = try small.site.startWorker(FireOrder(point))
      #expect(try await worker.wait() == ChaosSite.killed)
      let cancelled = try await small.site.run(["job", "cancel", "--source", "default"])
      #expect(cancelled.status == 0, "\(cancelled.error)")
      // A worker settles what the index shows. If no worker has done so, `index verify` does.
      if isDrained {
        let drain = try await small.site.drain()
        #expect(drain.status == 0, "\(drain.error)")
      } else {
        let next = try small.site.startWorker(FireOrder(.settleBefore))
        #expect(try await next.wait() == ChaosSite.killed)
      }
      #expect(try await small.site.unsettledWrites() == (isDrained && point != .stageAfter ? 0 : 1))
      let verify = try await small.site.run(["index", "verify", "docs"])
      #expect(verify.status == 0, "\(verify.output)")
    }
  }

  @Test("the soak test's judge distinguishes growth from noise")
  func judge() async throws {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let run = try await ProgramRun.run(
      "/usr/bin/python3", [repository.appending(path: "Benchmarks/soak.py").path, "--judge"])
    #expect(run.status == 0, "\(run.output) \(run.error)")
  }
}

extension ChaosSite {
  fileprivate func unsettledWrites() async throws -> Int {
    try await SearchProbe.with(self) { probe in
      try await probe.database.read { db in
        try db.first("SELECT count(*) FROM unsettled_writes") { $0.int(0) } ?? 0
      }
    }
  }
}
