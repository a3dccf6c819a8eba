import IngestCore

/// The limits that a step must pass before it starts.
extension WorkflowRunner {
  /// The longest single wait during which the worker keeps the job: to release and claim it again would cost as much.
  private static let waitInPlace: Duration = .milliseconds(250)
  /// The total time for which the worker keeps a job in such waits.
  private static let waitsInPlace: Duration = .seconds(1)

  /// Asks the store whether the step's limits let it start, and waits if the wait is short.
  /// - Parameter isFirst: whether this is the first step of this run. The grant of the job's claim may then cover it.
  /// - Returns: the job's outcome if the step may not start; nil if it may.
  func admit(
    _ definition: StepDefinition, of workflow: WorkflowDefinition, _ job: ClaimedJob, isFirst: Bool,
    _ control: JobControl
  ) async throws -> JobOutcome? {
    if isFirst, let grantedAt = job.grantedAt {
      // A grant that was not used in time is void, and yet the limits counted it. A later start would exceed what the
      // limits allow by then. So the job is released and needs a new grant.
      guard leases.uptime - grantedAt <= Admission.grantLife.microseconds else {
        return try await finish(job, .released)
      }
      if job.admittedStep == definition.id { return nil }
    }
    guard definition.throttle != nil || definition.concurrency != nil || store.limitsSteps else { return nil }
    let gates = StepGates(
      workflow: workflow.name, step: definition.id, throttle: definition.throttle, concurrency: definition.concurrency)
    var waited = Duration.zero
    while true {
      switch try await store.admit(job.lease, gates) {
      case .granted:
        return nil
      case .wait(let wait?) where wait <= Self.waitInPlace && waited < Self.waitsInPlace:
        await timers.pause(for: wait)
        waited += max(wait, .milliseconds(1))
        if let reason = control.pauseReason { return try await stop(job, reason) }
      case .wait:
        return try await finish(job, .parked(gates))
      }
    }
  }
}
