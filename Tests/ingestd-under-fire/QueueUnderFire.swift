import IngestCore
import IngestTestKit

/// A worker's transitions with crash points around them.
struct QueueUnderFire: QueueStore {
  let base: any QueueStore
  let fire: Fire

  func register(_ worker: WorkerRegistration) async throws {
    try await fire.around(.registerBefore, .registerAfter) { try await base.register(worker) }
  }

  func deregister(_ worker: WorkerID) async throws {
    try await fire.around(.deregisterBefore, .deregisterAfter) { try await base.deregister(worker) }
  }

  func peers(of worker: WorkerID) async throws -> [WorkerRegistration] { try await base.peers(of: worker) }

  func claim(_ request: ClaimRequest) async throws -> ClaimResult {
    fire.pass(.claimBefore)
    let result = try await base.claim(request)
    if !result.jobs.isEmpty { fire.pass(.claimAfter) }
    return result
  }

  func renew(_ worker: WorkerID, leases: [Lease], for duration: Duration) async throws -> LeaseReport {
    guard !leases.isEmpty else { return try await base.renew(worker, leases: leases, for: duration) }
    return try await fire.around(.renewBefore, .renewAfter) {
      try await base.renew(worker, leases: leases, for: duration)
    }
  }

  func cancellations(_ worker: WorkerID) async throws -> [Lease] { try await base.cancellations(worker) }

  func checkpoint(_ lease: Lease, _ checkpoint: Checkpoint) async throws {
    try await aroundAlias(checkpoint) {
      try await fire.around(.checkpointBefore, .checkpointAfter) { try await base.checkpoint(lease, checkpoint) }
    }
    try await fire.late.run()
  }

  func save(_ lease: Lease, step: String, position: Int, _ save: StepSave) async throws {
    let isPage = save.progress.unit == "pages"
    try await fire.around(isPage ? .pageBefore : .saveBefore, isPage ? .pageAfter : .saveAfter) {
      try await base.save(lease, step: step, position: position, save)
    }
  }

  func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission {
    try await fire.around(.admitBefore, .admitAfter) { try await base.admit(lease, gates) }
  }

  var limitsSteps: Bool { base.limitsSteps }

  func markFailing(_ lease: Lease, _ fatal: FailedAttempt) async throws {
    try await fire.around(.markFailingBefore, .markFailingAfter) { try await base.markFailing(lease, fatal) }
  }

  func finish(_ lease: Lease, _ outcome: JobOutcome, last: Checkpoint?) async throws {
    try await aroundAlias(last) {
      try await fire.around(.finishBefore, .finishAfter) { try await base.finish(lease, outcome, last: last) }
    }
    try await fire.late.run()
  }

  func reclaim(dead worker: WorkerID) async throws -> Int {
    try await fire.around(.reclaimBefore, .reclaimAfter) { try await base.reclaim(dead: worker) }
  }

  func outlook(_ scope: WorkScope) async throws -> QueueOutlook { try await base.outlook(scope) }
  func workflow(_ version: ContentHash) async throws -> WorkflowDefinition? { try await base.workflow(version) }

  private func aroundAlias(_ checkpoint: Checkpoint?, _ body: () async throws -> Void) async throws {
    let swaps =
      checkpoint?.output.effects.contains { if case CatalogueEffect.swap = $0 { true } else { false } } ?? false
    guard swaps else { return try await body() }
    try await fire.around(.aliasBefore, .aliasAfter, body)
  }
}
