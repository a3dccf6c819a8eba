package import IngestCore

/// Runs a claimed job's workflow: skips what has a checkpoint, runs the rest, stores each result under the lease.
package struct WorkflowRunner: Sendable {
  private let store: any QueueStore
  private let registry: StepRegistry
  private let clock: any TimeSource
  private let random: any RandomSource

  package init(store: any QueueStore, registry: StepRegistry, clock: any TimeSource, random: any RandomSource) {
    self.store = store
    self.registry = registry
    self.clock = clock
    self.random = random
  }

  /// Runs the job to its outcome and stores that.
  /// - Parameter stop: asked why the task was cancelled, once it is.
  /// - Throws: ``LeaseLost`` when another worker has the job; a store's failure when nothing can be stored.
  package func run(_ job: ClaimedJob, stop: @Sendable () -> StopReason) async throws {
    guard let workflow = try await store.workflow(job.workflow) else {
      let failure = Failure(
        .permanent, code: "WORKFLOW_MISSING", "The definition \(job.workflow) that the job is pinned to is not kept.",
        hint: "Submit the document again.")
      return try await finish(job, .dead(attempt(0, failure, since: clock.now)))
    }
    var results: [String: String] = [:]
    for (position, definition) in workflow.steps.enumerated() {
      let record = job.steps.first { $0.id == definition.id }
      if let result = record?.result {
        results[definition.uses] = result
        continue
      }
      let startedAt = clock.now
      switch await runStep(definition, at: position, of: job, results: results, record: record, stop: stop) {
      case .success(let output):
        results[definition.uses] = output.result
        let checkpoint = Checkpoint(
          step: definition.id, position: position, output: output, startedAt: startedAt, finishedAt: clock.now)
        if position == workflow.steps.count - 1 {
          return try await finish(job, .completed, last: checkpoint)
        } else if output.waitsForGeneration {
          return try await finish(job, .waiting, last: checkpoint)
        }
        do {
          try await store.checkpoint(job.lease, checkpoint)
        } catch let error where !(error is LeaseLost) {
          // A full disk or the like: the step is tried again by its policy, since nothing of it was kept.
          let failure = Failure(error).during(step: definition.id, attempt: (record?.attempts ?? 0) + 1)
          return try await conclude(job, definition, attempt(position, failure, since: startedAt))
        }
      case .failure(.stopped(.leaseLost)):
        throw LeaseLost()
      case .failure(.stopped(.shutdown)):
        return try await finish(job, .released)
      case .failure(.stopped(.cancelled)):
        return try await finish(job, .cancelled)
      case .failure(.failed(let failure)):
        return try await conclude(job, definition, attempt(position, failure, since: startedAt))
      }
    }
    // Every step had its checkpoint: the worker before died between the last of them and the end.
    try await finish(job, .completed)
  }

  /// Decides what becomes of the job after a failed attempt, and stores that.
  private func conclude(_ job: ClaimedJob, _ step: StepDefinition, _ failed: FailedAttempt) async throws {
    let decision = RetryDecision.decide(
      failed.failure, attempt: failed.failure.attempt ?? 1, policy: step.retry, fraction: random.fraction())
    switch decision {
    case .retry(let wait, let spends, let reason):
      try await finish(job, .retry(failed, after: wait, spends: spends, reason: reason))
    case .dead: try await finish(job, .dead(failed))
    case .cancelled: try await finish(job, .cancelled)
    }
  }

  private enum StepEnd: Error {
    case stopped(StopReason)
    case failed(Failure)
  }

  private func runStep(
    _ definition: StepDefinition, at position: Int, of job: ClaimedJob, results: [String: String],
    record: StepRecord?, stop: @Sendable () -> StopReason
  ) async -> Result<StepOutput, StepEnd> {
    let number = (record?.attempts ?? 0) + 1
    func failed(_ failure: Failure) -> Result<StepOutput, StepEnd> {
      .failure(.failed(failure.during(step: definition.id, attempt: number)))
    }
    if let deadline = job.deadline, clock.now >= deadline { return failed(.deadlinePassed) }
    guard let step = registry.step(definition.uses) else {
      return failed(
        Failure(
          .permanent, code: "STEP_UNKNOWN", "This worker knows no step '\(definition.uses)'.",
          hint: "Run a worker of the version that the workflow was written for."))
    }
    let input = StepInput(
      job: job.lease.job, with: definition.with, task: job.task, results: results, cursor: record?.cursor,
      attempt: number)
    let context = StepContext(clock: clock) { [store, lease = job.lease] save in
      try await store.save(lease, step: definition.id, position: position, save)
    }
    do {
      let limit = timeLimit(definition, of: job)
      let output = try await TimeLimit(clock).run(for: limit) { try await step.run(input, context) }
      guard let output else {
        if let deadline = job.deadline, clock.now >= deadline { return failed(.deadlinePassed) }
        return failed(
          Failure(
            .transient, code: "STEP_TIMEOUT", "Step '\(definition.id)' did not end within \(definition.timeout).",
            hint: "Raise its `timeout` in the workflow if the work is sound but long."))
      }
      guard output.result.utf8.count <= StepOutput.resultLimit else {
        return failed(
          Failure(
            .permanent, code: "CHECKPOINT_TOO_LARGE",
            "Step '\(definition.id)' left a result of \(output.result.utf8.count) bytes; \(StepOutput.resultLimit) is the most.",
            hint: "Keep large results in the blob store and their hash in the checkpoint."))
      }
      return .success(output)
    } catch is LeaseLost {
      return .failure(.stopped(.leaseLost))
    } catch {
      // Whatever a step makes of a cancellation, the job was not at fault.
      if Task.isCancelled { return .failure(.stopped(stop())) }
      return failed(Failure(error))
    }
  }

  private func timeLimit(_ definition: StepDefinition, of job: ClaimedJob) -> Duration {
    guard let deadline = job.deadline else { return definition.timeout }
    return min(definition.timeout, deadline - clock.now)
  }

  private func attempt(_ position: Int, _ failure: Failure, since startedAt: Timestamp) -> FailedAttempt {
    FailedAttempt(position: position, failure: failure, startedAt: startedAt, finishedAt: clock.now)
  }

  /// How often the end of a job is tried to be stored, and how far apart; past that its lease runs out.
  private static let storing = RetryPolicy(attempts: 6, first: .milliseconds(200), maximum: .seconds(5), jitter: .none)

  private func finish(_ job: ClaimedJob, _ outcome: JobOutcome, last: Checkpoint? = nil) async throws {
    var tries = 1
    while true {
      do {
        return try await store.finish(job.lease, outcome, last: last)
      } catch let error where !(error is LeaseLost) && tries < Self.storing.attempts {
        try await clock.sleep(for: Self.storing.delay(afterAttempt: tries, fraction: 0))
        tries += 1
      }
    }
  }
}

/// Why a running job was told to stop.
package enum StopReason: Sendable {
  /// The worker is stopping: the job goes back to the queue.
  case shutdown
  /// Somebody asked to cancel it.
  case cancelled
  /// Another worker has it, or may have: nothing more may be written.
  case leaseLost
}
