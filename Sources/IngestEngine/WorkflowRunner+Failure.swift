import IngestCore

/// What becomes of a job whose step has failed.
extension WorkflowRunner {
  /// Decides it after a failed attempt, and stores that. A job that would die has its on-failure step run before.
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

  /// Runs the on-failure step of a condemned job, whose end is `dead` however the step ends: of what it was condemned for,
  /// and of the step's own failure as a cause.
  /// - Parameter isFirst: whether nothing else was run since the claim.
  func runLast(
    _ job: ClaimedJob, _ fatal: FailedAttempt, of workflow: WorkflowDefinition, results: StepResults, isFirst: Bool,
    _ control: JobControl
  ) async throws -> JobOutcome {
    let position = workflow.steps.count
    guard let last = workflow.onFailure else { return try await finish(job, .dead(fatal)) }
    let record = job.steps.first { $0.id == last.id }
    // Its checkpoint and the job's end are one transaction; a store that could not tell may still have kept only the first.
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
      // The store knows what the job was condemned for and joins the two.
      _ = try await finish(job, .dead(failed))
      var told = fatal
      told.failure = fatal.failure.joined(by: failed.failure)
      return .dead(told)
    }
  }

  private func decide(_ failed: FailedAttempt, _ step: StepDefinition) -> RetryDecision {
    RetryDecision.decide(
      failed.failure, attempt: failed.failure.attempt ?? 1, policy: step.retry, fraction: random.fraction())
  }
}

extension StepOutput {
  /// What a step leaves whose condition did not hold.
  static let skipped = StepOutput(result: JobReport.skippedResult)
}
