import Glibc
import IngestCore
import IngestEngine
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Durable steps a second, as a ratio to single-row commits of a plain loop on the same disk in the same run. The test
/// takes long and depends on the machine, so it runs only on request: `INGESTD_MEASURE=1 swift test -c release -Xswiftc
/// -enable-testing --filter ThroughputTests`.
@Suite("Throughput", .enabled(if: getenv("INGESTD_MEASURE") != nil))
struct ThroughputTests {
  private struct Noop: Step {
    static let declaration = StepKind("noop", "Does nothing.")
    func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput { StepOutput() }
  }

  private struct RealClock: TimeSource {
    let bootID = "boot"
    var now: Timestamp { Timestamp(rawValue: Self.read(CLOCK_REALTIME)) }
    var uptime: Int64 { Self.read(CLOCK_BOOTTIME) }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }

    private static func read(_ clock: clockid_t) -> Int64 {
      var time = timespec()
      clock_gettime(clock, &time)
      return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
  }

  @Test("sixty-four concurrent jobs make at least five times as many steps as a plain loop makes commits")
  func ratio() async throws {
    let folder = try TemporaryFolder()
    let before = try await plainCommits(folder.file("plain-1.db"))
    let steps = try await durableSteps(folder.file("ingestd.db"), jobs: 4000)
    let after = try await plainCommits(folder.file("plain-2.db"))
    let ratio = steps / ((before + after) / 2)
    print("steps/s \(Int(steps)), plain commits/s \(Int(before)) and \(Int(after)), ratio \(ratio)")
    #expect(ratio >= 5)
  }

  /// Commits single rows, one transaction each, for two seconds on the calling thread. Returns commits a second.
  private func plainCommits(_ path: String) async throws -> Double {
    var options = DatabaseOptions()
    options.execution = .caller
    let database = try Database(path: path, options: options)
    try await database.write { db in _ = try db.run("CREATE TABLE t (key INTEGER PRIMARY KEY, value TEXT)") }
    let start = ContinuousClock.now
    var commits = 0
    while ContinuousClock.now - start < .seconds(2) {
      try await database.write { db in _ = try db.run("INSERT INTO t (value) VALUES ('as long as a checkpoint')") }
      commits += 1
    }
    let rate = Double(commits) / (ContinuousClock.now - start).seconds
    await database.close()
    return rate
  }

  private func durableSteps(_ path: String, jobs: Int) async throws -> Double {
    let clock = RealClock()
    let database = try Database(path: path, options: DatabaseOptions(migrations: Store.migrations))
    let store = Store(
      database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    let first = try await store.createIndex("docs", spec: StoreFixture.spec, actor: "test")
    try await store.activateFirst(first, actor: "test")
    let workflow = StoreFixture.workflow(steps: 5)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in 0..<64 {
        group.addTask {
          for number in stride(from: lane, to: jobs, by: 64) {
            _ = try await store.submit(StoreFixture.request("/\(number)", "text \(number)", workflow: workflow))
          }
        }
      }
      try await group.waitForAll()
    }
    let runner = WorkflowRunner(
      store: store, registry: StepRegistry([Noop()]), clock: clock, random: SystemRandom())
    let registration = WorkerRegistration(
      id: WorkerID(rawValue: "worker"), process: 1, host: "here", bootID: clock.bootID,
      liveness: LivenessToken(rawValue: "/"), concurrency: 64)
    let worker = Worker(
      registration: registration, store: store, runner: runner, surroundings: FakeSurroundings(), clock: clock,
      options: WorkerOptions(concurrency: 64, drains: true))
    let start = ContinuousClock.now
    #expect(try await worker.run() == .drained)
    let rate = Double(jobs * 5) / (ContinuousClock.now - start).seconds
    await database.close()
    return rate
  }
}
