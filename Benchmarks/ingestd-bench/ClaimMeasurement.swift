import IngestApp
import IngestCore
import IngestSQL
import IngestStore

/// A measurement of claims in an existing database: one job each, and each is completed before the next.
struct ClaimMeasurement {
  let path: String
  /// `full` or `normal`. With `normal` a commit does not wait for the disk, so the cost of the statements is visible.
  let synchronous: String

  func run(count: Int) async throws -> String {
    var options = DatabaseOptions(mode: .existing, migrations: Store.migrations)
    options.synchronous = synchronous == "normal" ? .normal : .full
    let database = try Database(path: path, options: options)
    let clock = SystemClock()
    let store = Store(
      database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    let worker = WorkerID(rawValue: "bench")
    try await store.register(
      WorkerRegistration(
        id: worker, process: 0, host: "bench", bootID: clock.bootID, liveness: LivenessToken(rawValue: path + ".bench"),
        concurrency: 1))
    var claims = Timings()
    var claimed = 0
    for turn in 0..<count + 10 {
      let request = ClaimRequest(
        worker: worker, limit: 1, scope: WorkScope(), lease: .seconds(30), idle: true)
      // The first claims fill the caches and are not counted.
      let jobs =
        turn < 10
        ? try await store.claim(request).jobs : try await claims.time { try await store.claim(request) }.jobs
      for job in jobs {
        claimed += 1
        try await store.finish(job.lease, .completed, last: nil)
      }
    }
    try await store.deregister(worker)
    await database.close()
    return "{\"claimed\":\(claimed),\"claims\":\(claims.json)}"
  }
}
