import IngestCore

/// A worker's store, watched by the oracle. Faults may occur before and after each call.
struct WatchedQueueStore: QueueStore {
  unowned let host: WorkerHost
  let base: any QueueStore

  private var oracle: Oracle { host.world.oracle }

  /// - Parameters:
  ///   - lease: lease of a call that writes under one. When the outcome of such a call is unknown, so is its holder.
  ///   - seen: called at the moment of the commit, before any other task can run.
  private func around<T: Sendable>(
    _ call: String, _ lease: Lease? = nil, _ body: () async throws -> T,
    seen: (T) -> Void = { _ in }
  ) async throws -> T {
    try await host.enter(call)
    let result: T
    do {
      result = try await body()
    } catch {
      if let lease { oracle.failed(lease, call, error, by: host) }
      throw error
    }
    seen(result)
    try await host.pass("after \(call)")
    return result
  }

  func register(_ worker: WorkerRegistration) async throws {
    try await around("registering") { try await base.register(worker) }
  }

  func deregister(_ worker: WorkerID) async throws {
    try await around("leaving") {
      try await base.deregister(worker)
    } seen: {
      oracle.gone(worker)
    }
  }

  func peers(of worker: WorkerID) async throws -> [WorkerRegistration] {
    guard host.isOpen else { throw CancellationError() }
    return try await base.peers(of: worker)
  }

  func claim(_ request: ClaimRequest) async throws -> ClaimResult {
    // If the answer of a claim is lost, the worker holds the jobs until their leases end.
    try await around("claiming") {
      try await base.claim(request)
    } seen: { result in
      oracle.claimed(result.jobs, for: request.lease, by: host)
    }
  }

  func renew(_ worker: WorkerID, leases: [Lease], for duration: Duration) async throws
    -> LeaseReport
  {
    try await around("renewing") {
      try await base.renew(worker, leases: leases, for: duration)
    } seen: { report in
      oracle.renewed(leases, lost: report.lost, for: duration)
    }
  }

  func cancellations(_ worker: WorkerID) async throws -> [Lease] {
    guard host.isOpen else { throw CancellationError() }
    return try await base.cancellations(worker)
  }

  func checkpoint(_ lease: Lease, _ checkpoint: Checkpoint) async throws {
    try await around("the checkpoint of \(checkpoint.step)", lease) {
      try await base.checkpoint(lease, checkpoint)
    } seen: { _ in
      oracle.checkpointed(lease, checkpoint, by: host)
    }
  }

  func save(_ lease: Lease, step: String, position: Int, _ save: StepSave) async throws {
    try await around("saving \(step)", lease) {
      try await base.save(lease, step: step, position: position, save)
    } seen: { _ in
      oracle.wrote(lease, "saved \(step)", by: host)
    }
  }

  var limitsSteps: Bool { base.limitsSteps }

  func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission {
    try await around("asking to start \(gates.step)", lease) {
      try await base.admit(lease, gates)
    } seen: { _ in
      oracle.wrote(lease, "asked to start \(gates.step)", by: host)
    }
  }

  func markFailing(_ lease: Lease, _ fatal: FailedAttempt) async throws {
    try await around("marking as failing", lease) {
      try await base.markFailing(lease, fatal)
    } seen: { _ in
      oracle.wrote(lease, "failing", by: host)
    }
  }

  func finish(_ lease: Lease, _ outcome: JobOutcome, last: Checkpoint?) async throws {
    try await around("finishing the run", lease) {
      try await base.finish(lease, outcome, last: last)
    } seen: { _ in
      oracle.ended(lease, outcome, last: last, by: host)
    }
  }

  func reclaim(dead worker: WorkerID) async throws -> Int {
    try await around("reclaiming the jobs of \(worker)") {
      try await base.reclaim(dead: worker)
    } seen: { _ in
      oracle.gone(worker)
    }
  }

  func outlook(_ scope: WorkScope) async throws -> QueueOutlook { try await base.outlook(scope) }

  func workflow(_ version: ContentHash) async throws -> WorkflowDefinition? {
    try await host.enter("reading a definition")
    return try await base.workflow(version)
  }
}
