package import IngestCore
import IngestDigest

extension Operations {
  /// Starts a workflow by itself: without a document and without an index. The job is durable when this returns. The
  /// configured limits are applied first.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `INPUT_INVALID`, `INPUT_TOO_LARGE`, `START_TOO_FAR`, `KEY_MISSING`,
  ///   `WORKFLOW_NEEDS_DOCUMENT`, `WORKFLOW_NEEDS_GENERATION`, `IDEMPOTENCY_KEY_REUSED`, `RATE_LIMITED`.
  package func enqueue(_ start: WorkflowStart) async throws -> EnqueueReceipt {
    try start.check(now: clock.now)
    try await takeOverFlow()
    let pinned = try requireNoDocument(start.workflow)
    return try await parts.enqueues.enqueue(
      EnqueueRequest(
        workflow: pinned, input: start.input, inputHash: ContentHash(rawValue: SHA256.hash(Array(start.input.utf8))),
        source: start.source, priority: start.priority, notBefore: start.notBefore,
        idempotencyKey: start.idempotencyKey, keyLife: try start.keyLife ?? settings.keyLife, actor: actorText))
  }

  /// Returns the current workflow of this name, if a job without a document and a generation can run it: no step may need them,
  /// and no step of the workflows that its `foreach` steps run.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `WORKFLOW_NEEDS_DOCUMENT`, `WORKFLOW_NEEDS_GENERATION`.
  @discardableResult
  func requireNoDocument(_ name: String) throws -> PinnedWorkflow {
    var seen: Set<String> = []
    return try requireNoDocument(name, seen: &seen)
  }

  @discardableResult
  private func requireNoDocument(_ name: String, seen: inout Set<String>) throws -> PinnedWorkflow {
    let pinned = try workflows.workflow(name).pinned
    guard seen.insert(pinned.definition.name).inserted else { return pinned }
    if let (step, subject) = pinned.definition.needing(parts.steps) {
      throw Failure.needs(subject, step: step, workflow: pinned.definition.name)
    }
    for step in pinned.definition.steps where step.uses == StepCatalogue.foreach {
      guard case .text(let child)? = step.with[StepCatalogue.workflowSetting] else { continue }
      try requireNoDocument(child, seen: &seen)
    }
    return pinned
  }
}

extension Failure {
  fileprivate static func needs(_ subject: StepKind.Subject, step: StepDefinition, workflow: String) -> Failure {
    let isGeneration = subject == .generation
    return Failure(
      .permanent, code: isGeneration ? "WORKFLOW_NEEDS_GENERATION" : "WORKFLOW_NEEDS_DOCUMENT",
      "The step '\(step.id)' of workflow '\(workflow)' uses \(step.uses), which needs a "
        + "\(isGeneration ? "generation of an index" : "document").",
      hint: isGeneration
        ? "\(Action(.indexBuild, "INDEX")) runs it for a generation."
        : "\(Action(.submit, "PATH", with: ["workflow": workflow])) runs it for a document.",
      category: .refused)
  }
}
