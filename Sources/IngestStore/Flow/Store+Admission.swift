package import IngestCore
import IngestSQL

/// What steps are granted beside their job, and where jobs wait that were not.
extension Store {
  package var limitsSteps: Bool { !flow.last.steps.isEmpty }

  package func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission {
    try await write { transaction in
      let job = try transaction.leased(lease)
      // A grant that the worker did not hear of is taken back, not added to.
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
  /// The step's own limits, and those that count the starts of all steps.
  fileprivate func gates(ofStep step: StepGates, _ job: JobRow) throws -> [Gate] {
    let rules = try rules()
    guard !rules.steps.isEmpty else { return step.gates }
    let lane = try laneRow(job.lane)
    let place = lane.place
    var traits = try LaneKey(stored: lane.gates)
    let covering = rules.steps.filter { place.isCovered(by: $0.id) }
    if covering.contains(where: { place.value(of: $0.key, traits) == nil }) {
      let task = try db.first("SELECT task FROM jobs WHERE key = \(job.key)") { $0.text(0) }
      traits.keys = Self.traits(ofTask: task ?? "").values(of: rules.ownKeys)
    }
    return covering.map { Gate($0, value: place.value(of: $0.key, traits) ?? "") } + step.gates
  }

  /// Puts a running job back into the queue, at the limits of its next step: nothing is spent, and a claim takes them
  /// together with the job's.
  func park(_ job: JobRow, at step: StepGates, actor: String) throws {
    var traits = try LaneKey(stored: laneRow(job.lane).gates)
    traits.step = step
    try park(job, traits, error: nil)
    try journal("parked", actor: actor, job: job.key, data: step.step)
  }

  /// Puts a running job back into the queue, at a dependency that takes no calls: its lane is closed until then.
  /// - Returns: false for a dependency without a gate, and for a job that runs alone and so stands in no lane.
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
    // The first one to come closes it; one that is open lets its jobs go one after another, and this one comes last.
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
