package import IngestCore
import IngestSQL

/// The limits of steps: grants for a step of a running job, and parking for jobs whose step or dependency must wait.
extension Store {
  package var limitsSteps: Bool { !flow.last.steps.isEmpty }

  package func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission {
    try await write { transaction in
      let job = try transaction.leased(lease)
      // If the worker never got the answer to an earlier grant, this takes that grant back first.
      try transaction.releaseSlots(of: job, step: true)
      let needed = try transaction.gates(ofStep: gates, job)
      let accounts = GateAccounts(transaction)
      let verdict = try accounts.take(needed)
      try accounts.store()
      switch verdict {
      case .granted:
        if try accounts.hold(needed.filter(\.isOfStep), for: job.key) {
          _ = try transaction.db.run("UPDATE jobs SET gated = 1 WHERE key = \(job.key)")
        }
        return .granted
      case .closed(let closure):
        return .wait(closure.until.map { .microseconds(max(0, $0 - transaction.uptime)) })
      }
    }
  }
}

extension WriteTransaction {
  /// Returns the step's own limits and the limits on the starts of all steps.
  fileprivate func gates(ofStep step: StepGates, _ job: JobRow) throws -> [Gate] {
    let rules = try rules()
    guard !rules.steps.isEmpty else { return step.gates }
    let lane = try laneRow(job.lane)
    var traits = try LaneKey(stored: lane.gates)
    if let gates = rules.gates(ofStep: step, in: lane.place, traits) { return gates }
    let task = try db.first("SELECT task FROM jobs WHERE key = \(job.key)") { $0.text(0) }
    traits.keys = Self.traits(ofTask: task ?? "").values(of: rules.ownKeys)
    return rules.gates(ofStep: step, in: lane.place, traits) ?? step.gates
  }

  /// Puts a running job back into the queue, to wait for the limits of its next step. No attempt is spent. A claim
  /// takes these limits together with the job's own.
  func park(_ job: JobRow, at step: StepGates, actor: String) throws {
    var traits = try LaneKey(stored: laneRow(job.lane).gates)
    traits.step = step
    try park(job, traits, error: nil)
    try journal("parked", actor: actor, job: job.key, data: step.step)
  }

  /// Puts a running job back into the queue, to wait for a dependency that takes no calls. Its lane is closed until
  /// then.
  /// - Returns: false for a dependency without a gate, and for a job that runs alone and so waits in no lane.
  func park(
    _ job: JobRow, at dependency: String, for wait: Duration, because failure: Failure, actor: String
  ) throws -> Bool {
    guard !job.alone,
      let gate = try db.first(
        "SELECT key FROM gates WHERE name = \(dependency) AND kind = 'dependency'", { $0.int64(0) })
    else { return false }
    var traits = try LaneKey(stored: laneRow(job.lane).gates)
    traits.dependency = dependency
    let lane = try park(job, traits, error: failure)
    // The first parked job closes the lane. An open lane already starts its jobs one after another; this job waits
    // behind them.
    if lane.ready == 1 {
      try close(
        lane, by: gate, closesSource: false, until: uptime + max(0, wait.microseconds), version: rules().version)
    }
    try journal("parked", actor: actor, job: job.key, data: failure.code)
    return true
  }

  @discardableResult
  private func park(_ job: JobRow, _ traits: LaneKey, error: Failure?) throws -> LaneRow {
    let home = try laneRow(job.lane)
    let key = try lane(
      source: job.source, generation: job.generation, workflow: home.workflow, gates: traits.stored, base: job.lane)
    let error = try error.map { try JSONText.encode($0) }
    _ = try db.run(
      """
      UPDATE jobs SET state = 'queued', reason = 'ready', worker_key = NULL, lease_until = NULL, lane_key = \(key),
        error = coalesce(\(error), error)
      WHERE key = \(job.key)
      """)
    try count(source: job.source, from: .running, to: .queued)
    if job.alone {
      db.flag(CommitFlag.wake)
    } else {
      try ready(source: job.source, lane: key, rank: job.rank)
    }
    return try laneRow(key)
  }
}
