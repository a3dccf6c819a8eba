import IngestCore

/// One try of one step, with its limits.
extension WorkflowRunner {
  enum StepEnd: Error {
    case stopped(StopReason)
    case failed(Failure)
  }

  /// A step that is about to run.
  struct StepTask {
    var definition: StepDefinition
    var position: Int
    /// The step's stored state, if it ran before.
    var record: StepRecord?
    /// The results of the previous steps.
    var results: StepResults
    /// The event that ended the step's wait.
    var wake: Wake?
    /// The failure for which the job is about to die. Set for its on-failure step only, to which the job's deadline
    /// does not apply.
    var failure: Failure?
  }

  func runStep(
    _ task: StepTask, of job: ClaimedJob, _ control: JobControl
  ) async -> Result<StepOutput, StepEnd> {
    let (definition, position, record) = (task.definition, task.position, task.record)
    let number = (record?.attempts ?? 0) + 1
    func failed(_ failure: Failure) -> Result<StepOutput, StepEnd> {
      .failure(.failed(failure.during(step: definition.id, attempt: number)))
    }
    let untilDeadline = task.failure == nil ? job.deadline.map { $0 - clock.now } : nil
    if let untilDeadline, untilDeadline <= .zero { return failed(.deadlinePassed) }
    guard let step = registry.step(definition.uses) else {
      return failed(
        Failure(
          .permanent, code: "STEP_UNKNOWN", "This worker has no step '\(definition.uses)'.",
          hint: "Run a worker of the version for which the workflow was written."))
    }
    let input = StepInput(
      job: job.lease.job, step: definition.id, with: definition.with, task: job.task, results: task.results.byKind,
      resultsByID: task.results.byID, cursor: record?.cursor, wake: task.wake, failure: task.failure, attempt: number)
    let context = StepContext(clock: clock) { [store, lease = job.lease] save in
      try await store.save(lease, step: definition.id, position: position, save)
    }
    let run = StepRun(timers: timers, patience: control.patience)
    guard control.begin(run) else { return .failure(.stopped(control.stopReason ?? .shutdown)) }
    let limit = min(definition.timeout, untilDeadline ?? definition.timeout)
    let end = await run.run(for: limit, on: executor) { try await step.run(input, context) }
    control.end(run)
    switch end {
    case .returned(.success(let output)):
      // Accepted even after its time limit: finished work need not be repeated.
      guard output.result.utf8.count <= StepOutput.resultLimit else {
        return failed(.tooLarge(output.result.utf8.count, step: definition.id))
      }
      return .success(output)
    case .returned(.failure(is LeaseLost)):
      return .failure(.stopped(.leaseLost))
    case .returned(.failure(let error)):
      // Once the job was stopped, no error of the step counts against the job.
      if let reason = control.stopReason { return .failure(.stopped(reason)) }
      guard run.isTimedOut else { return failed(.unasked(Failure(error))) }
    case .leftBehind:
      control.leave(definition.id)
      if let reason = control.stopReason { return .failure(.stopped(reason)) }
      guard run.isTimedOut else { return .failure(.stopped(.shutdown)) }
    }
    let isDeadline = untilDeadline.map { $0 <= definition.timeout } ?? false
    return failed(isDeadline ? .deadlinePassed : .timedOut(definition))
  }
}

extension Failure {
  fileprivate static func timedOut(_ step: StepDefinition) -> Failure {
    Failure(
      .transient, code: "STEP_TIMEOUT", "Step '\(step.id)' did not end within \(step.timeout).",
      hint: "If the step only needs more time, raise its `timeout` in the workflow.")
  }

  fileprivate static func tooLarge(_ size: Int, step: String) -> Failure {
    Failure(
      .permanent, code: "CHECKPOINT_TOO_LARGE",
      "Step '\(step)' returned a result of \(size) bytes; at most \(StepOutput.resultLimit) are allowed.",
      hint: "Store large results in the blob store and return their hash.")
  }

  /// Replaces a cancellation that nobody requested: something that the step relies on gave up, and the job must not end
  /// for that.
  fileprivate static func unasked(_ failure: Failure) -> Failure {
    guard failure.kind == .cancelled else { return failure }
    return Failure(
      .transient, code: "STEP_INTERRUPTED", "The step reported a cancellation that nobody requested.",
      hint: "The step is retried.", causes: [failure])
  }
}
