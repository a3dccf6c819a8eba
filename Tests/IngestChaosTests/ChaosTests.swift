import FoundationEssentials
import Glibc
import IngestSQL
import IngestTestKit
import Testing

/// Kills and stops real workers while other programs keep working, then compares the system's state with ledgers that
/// were kept outside it. `CHAOS_KILLS` makes a run longer, `CHAOS_SEED` repeats one.
@Suite("Chaos", .serialized)
struct ChaosTests {
  @Test(
    "after many kills nothing is lost, duplicated or paid for again, and no finished step ran again",
    .timeLimit(.minutes(60)))
  func kills() async throws {
    let environment = ProcessInfo.processInfo.environment
    let kills = environment["CHAOS_KILLS"].flatMap(Int.init) ?? 25
    let seed = environment["CHAOS_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)
    print("chaos: \(kills) kills of workers, CHAOS_SEED=\(seed)")
    let chaos = try await Chaos(seed: seed)
    let findings = try await chaos.run(kills: kills)
    #expect(findings.isEmpty, "CHAOS_SEED=\(seed)\n\(findings.joined(separator: "\n"))")
  }

  @Test(
    "the jobs of a killed worker continue long before their leases end if another worker is idle",
    .timeLimit(.minutes(15)))
  func takesOver() async throws {
    let site = try await ChaosSite("store: {busy-timeout: 30s}")
    site.server.script([.hang, .hang])
    let submitted = try await site.run(["submit", "-", "--uri", "slow"], input: "A slow document.")
    #expect(submitted.status == 0, "\(submitted.error)")
    // The leases outlast the test, so only the detection of the worker's death can free the job.
    let patient = ["INGESTD_WORKER_LEASE": "1h", "INGESTD_WORKER_HEARTBEAT": "30m"]
    let victim = try site.startWorker(environment: patient)
    try await site.waitForRunning(1, by: victim)
    let heir = try site.startWorker(environment: patient)
    try await eventually("both are there") { try await site.workers().count == 2 }
    victim.signal(SIGKILL)
    try await site.waitForRunning(1, by: heir)
  }
}

extension ChaosSite {
  /// Waits until a worker runs `count` jobs.
  func waitForRunning(_ count: Int, by worker: RunningProgram) async throws {
    try await SearchProbe.with(self) { probe in
      try await eventually("\(worker.processID) runs \(count) jobs") {
        try await probe.database.read { db in
          try db.first(
            """
            SELECT count(*) FROM jobs j JOIN workers w ON w.key = j.worker_key
            WHERE j.state = 'running' AND w.process = \(Int(worker.processID))
            """
          ) { $0.int(0) }
        } == count
      }
    }
  }
}
