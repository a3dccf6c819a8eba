import IngestCore

/// What a step is granted before it starts.
extension WorkflowRunner {
  /// A wait that is no longer is waited out with the job in hand: giving it back and claiming it again costs as much.
  private static let waitInPlace: Duration = .milliseconds(250)
  /// How long a job is kept in hand so, whatever the waits.
  private static let waitsInPlace: Duration = .seconds(1)

  /// Takes the limits of the step's start.
  /// - Parameter isFirst: whether it is the first step of this run: then the job's own grant may cover it.
  /// - Returns: the job's outcome where the step may not start; nil where it may.
  func admit(
    _ definition: StepDefinition, of workflow: WorkflowDefinition, _ job: ClaimedJob, isFirst: Bool,
    _ control: JobControl
  ) async throws -> JobOutcome? {
    if isFirst, let grantedAt = job.grantedAt {
      // A grant that was not used in time is void, and still counted: what starts later would come on top of what the
      // limits let start by then. So the job goes back and is granted its start anew.
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
