package import IngestCore
private import Synchronization

/// The real store with failures at chosen calls.
package struct FaultyQueueStore: QueueStore {
  package enum Call: String, Sendable {
    case admit, markFailing, register, deregister, peers, claim, renew, cancellations, checkpoint, save, finish,
      reclaim,
      outlook, workflow
  }

  package typealias Fault = @Sendable (_ call: Call, _ number: Int) async throws -> Void

  package static let busy = Failure(
    .transient, code: "DATABASE_BUSY", "Another process holds the database.",
    scope: .everyone)
  package static let full = Failure(.transient, code: "DISK_FULL", "The disk is full.", scope: .everyone)
  package static let unknown = Failure(
    .transient, code: "OUTCOME_UNKNOWN", "The outcome of the call is unknown.",
    reason: .outcomeUnknown)

  private final class Counts: Sendable {
    let begun = Mutex<[Call: Int]>([:])
    let done = Mutex<[Call: Int]>([:])
  }

  private let base: any QueueStore
  private let before: Fault
  private let after: Fault
  private let counts = Counts()

  /// - Parameters:
  ///   - before: throws before the call reaches the store; `number` counts from 1 for each kind of call.
  ///   - after: throws, or takes its time, after the store has done the call, as when the outcome of a commit is lost.
  package init(
    _ base: any QueueStore, before: @escaping Fault = { _, _ in }, after: @escaping Fault = { _, _ in }
  ) {
    self.base = base
    self.before = before
    self.after = after
  }

  /// Returns how often the store did a call.
  package func done(_ call: Call) -> Int { counts.done.withLock { $0[call, default: 0] } }

  private func around<T: Sendable>(_ call: Call, _ body: @Sendable () async throws -> T) async throws -> T {
    let number = counts.begun.withLock { calls in
      calls[call, default: 0] += 1
      return calls[call, default: 0]
    }
    try await before(call, number)
    let result = try await body()
    counts.done.withLock { $0[call, default: 0] += 1 }
    try await after(call, number)
    return result
  }

  package func register(_ worker: WorkerRegistration) async throws {
    try await around(.register) { try await base.register(worker) }
  }
  package func deregister(_ worker: WorkerID) async throws {
    try await around(.deregister) { try await base.deregister(worker) }
  }
  package func peers(of worker: WorkerID) async throws -> [WorkerRegistration] {
    try await around(.peers) { try await base.peers(of: worker) }
  }
  package func claim(_ request: ClaimRequest) async throws -> ClaimResult {
    try await around(.claim) { try await base.claim(request) }
  }
  package func renew(_ worker: WorkerID, leases: [Lease], for duration: Duration) async throws -> LeaseReport {
    try await around(.renew) { try await base.renew(worker, leases: leases, for: duration) }
  }
  package func cancellations(_ worker: WorkerID) async throws -> [Lease] {
    try await around(.cancellations) { try await base.cancellations(worker) }
  }
  package func checkpoint(_ lease: Lease, _ checkpoint: Checkpoint) async throws {
    try await around(.checkpoint) { try await base.checkpoint(lease, checkpoint) }
  }
  package func save(_ lease: Lease, step: String, position: Int, _ save: StepSave) async throws {
    try await around(.save) { try await base.save(lease, step: step, position: position, save) }
  }
  package func finish(_ lease: Lease, _ outcome: JobOutcome, last: Checkpoint?) async throws {
    try await around(.finish) { try await base.finish(lease, outcome, last: last) }
  }
  package func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission {
    try await around(.admit) { try await base.admit(lease, gates) }
  }
  package var limitsSteps: Bool { base.limitsSteps }
  package func markFailing(_ lease: Lease, _ fatal: FailedAttempt) async throws {
    try await around(.markFailing) { try await base.markFailing(lease, fatal) }
  }
  package func reclaim(dead worker: WorkerID) async throws -> Int {
    try await around(.reclaim) { try await base.reclaim(dead: worker) }
  }
  package func outlook(_ scope: WorkScope) async throws -> QueueOutlook {
    try await around(.outlook) { try await base.outlook(scope) }
  }
  package func workflow(_ version: ContentHash) async throws -> WorkflowDefinition? {
    try await around(.workflow) { try await base.workflow(version) }
  }
}
