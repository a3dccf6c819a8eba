import IngestCore

/// The outcome of a job whose step failed.
extension WorkflowRunner {
  /// Decides the job's outcome after a failed attempt and stores it. If the job is to die, its on-failure step runs
  /// first.
  func conclude(
    _ job: ClaimedJob, _ step: StepDefinition, _ failed: FailedAttempt, of workflow: WorkflowDefinition,
    results: StepResults, _ control: JobControl
  ) async throws -> JobOutcome {
    switch decide(failed, step) {
    case .retry(let wait, let spends, let reason):
      return try await finish(job, .retry(failed, after: wait, spends: spends, reason: reason))
    case .cancelled:
      return try await finish(job, .cancelled)
    case .dead:
      guard workflow.onFailure != nil else { return try await finish(job, .dead(failed)) }
      if let reason = control.stopReason { return try await stop(job, reason) }
      try await persist { try await store.markFailing(job.lease, failed) }
      var failing = job
      failing.fatal = failed
      failing.wake = nil
      return try await runLast(failing, failed, of: workflow, results: results, isFirst: false, control)
    }
  }

  /// Runs the on-failure step of a failing job. The job's outcome is `dead` with its first failure, even if the step
  /// succeeds. If the step fails too, its failure becomes a cause of the first.
  /// - Parameter isFirst: whether no other step ran since the claim.
  func runLast(
    _ job: ClaimedJob, _ fatal: FailedAttempt, of workflow: WorkflowDefinition, results: StepResults, isFirst: Bool,
    _ control: JobControl
  ) async throws -> JobOutcome {
    let position = workflow.steps.count
    guard let last = workflow.onFailure else { return try await finish(job, .dead(fatal)) }
    let record = job.steps.first { $0.id == last.id }
    // The step's checkpoint and the job's outcome are one transaction. Yet after a lost acknowledgement the store may
    // hold only the checkpoint.
    if record?.result != nil { return try await finish(job, .dead(fatal)) }
    if let reason = control.pauseReason { return try await stop(job, reason) }
    let startedAt = clock.now
    let end: Result<StepOutput, StepEnd>
    do {
      if try results.allow(last, task: job.task, failure: fatal.failure) {
        if let outcome = try await admit(last, of: workflow, job, isFirst: isFirst, control) { return outcome }
        end = await runStep(
          StepTask(
            definition: last, position: position, record: record, results: results, wake: isFirst ? job.wake : nil,
            failure: fatal.failure),
          of: job, control)
      } else {
        end = .success(.skipped)
      }
    } catch let error as ConditionError {
      end = .failure(.failed(error.failure.during(step: last.id, attempt: (record?.attempts ?? 0) + 1)))
    }
    switch end {
    case .failure(.stopped(let reason)):
      return try await stop(job, reason)
    case .success(let output):
      if let wait = output.wait {
        return try await self.wait(job, wait, step: last.id, position: position, output, control)
      }
      let checkpoint = Checkpoint(
        step: last.id, position: position, output: output, startedAt: startedAt, finishedAt: clock.now)
      do {
        try await store.finish(job.lease, .dead(fatal), last: checkpoint)
        return .dead(fatal)
      } catch let error where !(error is LeaseLost) {
        let failure = Failure(error).during(step: last.id, attempt: (record?.attempts ?? 0) + 1)
        return try await concludeLast(job, last, attempt(position, failure, since: startedAt), fatal)
      }
    case .failure(.failed(let failure)):
      return try await concludeLast(job, last, attempt(position, failure, since: startedAt), fatal)
    }
  }

  private func concludeLast(
    _ job: ClaimedJob, _ last: StepDefinition, _ failed: FailedAttempt, _ fatal: FailedAttempt
  ) async throws -> JobOutcome {
    switch decide(failed, last) {
    case .retry(let wait, let spends, let reason):
      return try await finish(job, .retry(failed, after: wait, spends: spends, reason: reason))
    case .cancelled, .dead:
      // The store holds the job's first failure and joins the two.
      _ = try await finish(job, .dead(failed))
      var joined = fatal
      joined.failure = fatal.failure.joined(by: failed.failure)
      return .dead(joined)
    }
  }

  private func decide(_ failed: FailedAttempt, _ step: StepDefinition) -> RetryDecision {
    RetryDecision.decide(
      failed.failure, attempt: failed.failure.attempt ?? 1, policy: step.retry, fraction: random.fraction())
  }
}

extension StepOutput {
  /// The output of a step whose condition did not hold.
  static let skipped = StepOutput(result: JobReport.skippedResult)
}
