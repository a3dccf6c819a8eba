import FoundationEssentials
import Glibc
import IngestTestKit
import Testing

/// Kills real workers at random moments while documents are submitted, changed and deleted, then compares what the
/// system says with a ledger that was kept outside it. `CRASH_KILLS` and `CRASH_SEED` make it longer or repeat it.
@Suite("Killed workers", .serialized)
struct CrashTests {
  @Test(
    "nothing is lost, nothing is there twice, no finished step runs again, nothing is paid for again",
    .timeLimit(.minutes(40)))
  func kills() async throws {
    let environment = ProcessInfo.processInfo.environment
    let kills = environment["CRASH_KILLS"].flatMap(Int.init) ?? 25
    let seed = environment["CRASH_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)
    print("crash test: \(kills) kills, CRASH_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)

    let site = try await CrashSite(documents: max(240, 6 * kills))
    try await site.submitAll()
    var workers = [try site.startWorker(), try site.startWorker()]
    for kill in 1...kills {
      try await Task.sleep(for: .milliseconds(Int.random(in: 5...250, using: &random)))
      let victim = Int.random(in: 0..<workers.count, using: &random)
      workers[victim].signal(SIGKILL)
      _ = try await workers[victim].wait(timeout: .seconds(10))
      workers[victim] = try site.startWorker()
      if kill.isMultiple(of: 3) { try await site.changeSome(using: &random) }
    }
    // One that has just begun would be ended by the signal rather than asked to stop.
    try await site.waitForWorkers(2)
    for worker in workers { worker.signal(SIGTERM) }
    for worker in workers { #expect(try await worker.wait(timeout: .seconds(60)) == 0) }
    let drain = try await site.run(["worker", "--drain", "--concurrency", "4"], timeout: .seconds(240))
    #expect(drain.status == 0, "\(drain.error)")

    let verify = try await site.run(["index", "verify", "docs"])
    #expect(verify.status == 0, "\(verify.output) \(verify.error)")
    try await site.expectLedger()
    try await site.expectJournal()
    site.expectPayments(kills: kills)
  }

  @Test("the jobs of a killed worker go on within a second where another is idle", .timeLimit(.minutes(2)))
  func takesOver() async throws {
    let site = try await CrashSite(documents: 0)
    site.server.script([.hang, .hang])
    let victim = try site.startWorker()
    try await site.waitForWorkers(1)
    let submitted = try await site.run(["submit", "-", "--uri", "slow"], input: "A slow document.")
    #expect(submitted.status == 0, "\(submitted.error)")
    try await site.waitForRunning(1)
    let heir = try site.startWorker()
    try await site.waitForWorkers(2)
    let start = ContinuousClock.now
    victim.signal(SIGKILL)
    try await site.waitForRunning(1, by: heir)
    let took = ContinuousClock.now - start
    print("a killed worker's job went on after \(took)")
    #expect(took < .seconds(1))
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same kills.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
