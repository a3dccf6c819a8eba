package import IngestCore

/// A runner of a claimed job's workflow: it skips steps that have a checkpoint, runs the others and stores each result
/// under the job's lease.
package struct WorkflowRunner: Sendable {
  let store: any QueueStore
  let registry: StepRegistry
  let clock: any TimeSource
  /// The clock by which the store measures leases.
  let leases: any LeaseClock
  let timers: TimerQueue
  let executor: (any TaskExecutor)?
  let random: any RandomSource
  private let definitions = DefinitionCache()

  /// - Parameter executor: the executor of the steps. Nil means Swift's own.
  package init(
    store: any QueueStore, registry: StepRegistry, clock: any TimeSource, leases: (any LeaseClock)? = nil,
    random: any RandomSource, executor: (any TaskExecutor)? = nil
  ) {
    self.store = store
    self.registry = registry
    self.clock = clock
    self.leases = leases ?? clock
    self.random = random
    self.executor = executor
    timers = TimerQueue(clock)
  }

  /// Runs the job to its outcome, stores the outcome and returns it. Time limits work only while ``TimerQueue/run()``
  /// runs.
  /// - Throws: ``LeaseLost`` if another worker holds the job; the store's failure if the outcome cannot be stored.
  func run(_ job: ClaimedJob, _ control: JobControl) async throws -> JobOutcome {
    let workflow: WorkflowDefinition?
    do {
      workflow = try await definitions.definition(job.workflow) { try await store.workflow($0) }
    } catch {
      return try await putOff(job, Failure(error))
    }
    guard let workflow else {
      let failure = Failure(
        .permanent, code: "WORKFLOW_MISSING", "The store has no definition \(job.workflow), which the job needs.",
        hint: "Start the work again as a new job, which uses the current workflow.")
      return try await finish(job, .dead(attempt(0, failure, since: clock.now)))
    }
    var results = StepResults()
    // Whether no step ran since the claim. The event that ended a wait and the claim's grant are then for the next
    // step.
    var isFirst = true
    for (position, definition) in workflow.steps.enumerated() {
      let record = job.steps.first { $0.id == definition.id }
      if let result = record?.result {
        results.add(result, of: definition)
        continue
      }
      if let fatal = job.fatal {
        return try await runLast(job, fatal, of: workflow, results: results, isFirst: true, control)
      }
      if let reason = control.pauseReason { return try await stop(job, reason) }
      let startedAt = clock.now
      var end: Result<StepOutput, StepEnd> = .success(.skipped)
      do {
        if try results.allow(definition, task: job.task) {
          if let outcome = try await admit(definition, of: workflow, job, isFirst: isFirst, control) { return outcome }
          let task = StepTask(
            definition: definition, position: position, record: record, results: results,
            wake: isFirst ? job.wake : nil)
          isFirst = false
          end = await runStep(task, of: job, control)
        }
      } catch let error as ConditionError {
        end = .failure(.failed(error.failure.during(step: definition.id, attempt: (record?.attempts ?? 0) + 1)))
      }
      switch end {
      case .success(let output):
        if let wait = output.wait {
          return try await self.wait(job, wait, step: definition.id, position: position, output, control)
        }
        results.add(output.result, of: definition)
        let checkpoint = Checkpoint(
          step: definition.id, position: position, output: output, startedAt: startedAt, finishedAt: clock.now)
        do {
          let isLast = position == workflow.steps.count - 1
          if let outcome = try await store(checkpoint, of: job, isLast: isLast, control) { return outcome }
        } catch let error where !(error is LeaseLost) {
          // For example a full disk. The step's result is not stored, so the step is retried by its policy.
          let failure = Failure(error).during(step: definition.id, attempt: (record?.attempts ?? 0) + 1)
          return try await conclude(
            job, definition, attempt(position, failure, since: startedAt), of: workflow, results: results, control)
        }
      case .failure(.stopped(let reason)):
        return try await stop(job, reason)
      case .failure(.failed(let failure)):
        return try await conclude(
          job, definition, attempt(position, failure, since: startedAt), of: workflow, results: results, control)
      }
    }
    // Every step has its checkpoint: the previous worker died between the last checkpoint and the job's outcome.
    return try await finish(job, .completed)
  }

  /// Stores a step's result, and in the same transaction the job's outcome if this ends the run.
  /// - Returns: the outcome if the run is over.
  private func store(
    _ checkpoint: Checkpoint, of job: ClaimedJob, isLast: Bool, _ control: JobControl
  ) async throws -> JobOutcome? {
    let reason = control.pauseReason
    if case .leaseLost = reason { throw LeaseLost() }
    let outcome: JobOutcome? =
      switch reason {
      case _ where isLast: .completed
      case .shutdown: .released
      case .cancelled: .cancelled
      case _ where checkpoint.output.gathers: .gathers
      default: nil
      }
    if let outcome {
      try await store.finish(job.lease, outcome, last: checkpoint)
    } else {
      try await store.checkpoint(job.lease, checkpoint)
    }
    return outcome
  }

  /// Ends the run of a job whose step waits. When the wait is over, any worker may continue the job.
  func wait(
    _ job: ClaimedJob, _ wait: StepWait, step: String, position: Int, _ output: StepOutput, _ control: JobControl
  ) async throws -> JobOutcome {
    switch control.pauseReason {
    case .leaseLost?: throw LeaseLost()
    case .cancelled?: return try await finish(job, .cancelled)
    case .shutdown?, nil:
      return try await finish(job, .waits(wait, step: step, position: position, cursor: output.result))
    }
  }

  func stop(_ job: ClaimedJob, _ reason: StopReason) async throws -> JobOutcome {
    switch reason {
    case .leaseLost: throw LeaseLost()
    case .shutdown: return try await finish(job, .released)
    case .cancelled: return try await finish(job, .cancelled)
    }
  }

  /// How long a job is put off if its definition cannot be read.
  private static let putOffWait: Duration = .seconds(5)

  /// Puts off a job before its first step, without an attempt spent. The job dies only if the failure is permanent: its
  /// stored definition can never be read.
  private func putOff(_ job: ClaimedJob, _ failure: Failure) async throws -> JobOutcome {
    let failed = attempt(0, failure, since: clock.now)
    guard failure.retryable else { return try await finish(job, .dead(failed)) }
    return try await finish(job, .retry(failed, after: Self.putOffWait, spends: false, reason: .retrying))
  }

  func attempt(_ position: Int, _ failure: Failure, since startedAt: Timestamp) -> FailedAttempt {
    FailedAttempt(position: position, failure: failure, startedAt: startedAt, finishedAt: clock.now)
  }

  /// How often, and at what intervals, the worker tries to store a job's outcome. After that the lease runs out.
  private static let storing = RetryPolicy(attempts: 6, first: .milliseconds(200), maximum: .seconds(5), jitter: .none)

  func finish(_ job: ClaimedJob, _ outcome: JobOutcome) async throws -> JobOutcome {
    try await persist { try await store.finish(job.lease, outcome, last: nil) }
    return outcome
  }

  /// Stores something that must not be lost because the store is busy or full for a moment.
  func persist(_ write: () async throws -> Void) async throws {
    var tries = 1
    while true {
      do {
        return try await write()
      } catch let error where !(error is LeaseLost) && tries < Self.storing.attempts {
        await timers.pause(for: Self.storing.delay(afterAttempt: tries, fraction: 0))
        tries += 1
      }
    }
  }
}
