import IngestCore
import IngestSQL

/// Adoption: slots for jobs that were already running when a concurrency limit was set.
extension WriteTransaction {
  /// Gives a slot to each running job that the limit covers and that has none, once for each version of the rules. So
  /// jobs that started before the limit count like any other. There are at most as many as all workers run at once.
  /// - Returns: how many slots it gave.
  func adoptRunning(_ gate: Gate, key: Int64) throws -> Int {
    let rules = try rules()
    let running = try db.rows(
      """
      SELECT key, lane_key, task FROM jobs
      WHERE state = 'running' AND NOT EXISTS (SELECT 1 FROM slots WHERE job_key = jobs.key AND gate_key = \(key))
      """
    ) { (key: $0.int64(0), lane: $0.int64(1), task: $0.text(2)) }
    var lanes: [Int64: LaneRow] = [:]
    var adopted = 0
    for job in running {
      let lane = try lanes[job.lane] ?? laneRow(job.lane)
      lanes[job.lane] = lane
      var traits = LaneKey()
      traits.keys = Self.traits(ofTask: job.task).values(of: rules.ownKeys)
      guard rules.gates(of: lane.place, traits)?.contains(where: { $0.name == gate.name }) == true else { continue }
      _ = try db.run("INSERT INTO slots (job_key, gate_key, step) VALUES (\(job.key), \(key), 0)")
      _ = try db.run("UPDATE jobs SET gated = 1 WHERE key = \(job.key)")
      adopted += 1
    }
    _ = try db.run("UPDATE gates SET held = held + \(adopted), adopted = \(rules.version) WHERE key = \(key)")
    return adopted
  }
}
