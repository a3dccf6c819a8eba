package import IngestCore
import IngestDigest

extension Operations {
  /// Starts a workflow by itself: durable when it returns. The limits of the configuration are taken over first.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `INPUT_INVALID`, `INPUT_TOO_LARGE`, `START_TOO_FAR`, `WORKFLOW_NEEDS_DOCUMENT`,
  ///   `WORKFLOW_NEEDS_GENERATION`, `IDEMPOTENCY_KEY_REUSED`, `RATE_LIMITED`.
  package func enqueue(_ start: WorkflowStart) async throws -> EnqueueReceipt {
    try await takeOverFlow()
    return try await runs.enqueue(start, standardKeyLife: settings.keyLife)
  }
}

/// The start of workflows by themselves: without a document, and without an index.
struct RunOperations: Sendable {
  private let store: any EnqueueStore
  private let catalogue: StepCatalogue
  private let workflow: @Sendable (String) throws -> PinnedWorkflow
  private let clock: any TimeSource
  private let actor: Actor

  /// Starts further from now than this are taken for mistakes.
  private static let farthest: Duration = .seconds(3653 * 86_400)

  /// - Parameters:
  ///   - catalogue: the kinds of step that workers run.
  ///   - workflow: the workflow of a name as it is now.
  ///   - actor: who asks, for the journal.
  init(
    store: any EnqueueStore, catalogue: StepCatalogue, clock: any TimeSource, actor: Actor,
    workflow: @escaping @Sendable (String) throws -> PinnedWorkflow
  ) {
    self.store = store
    self.catalogue = catalogue
    self.clock = clock
    self.actor = actor
    self.workflow = workflow
  }

  /// Starts a workflow: durable when it returns.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `INPUT_INVALID`, `INPUT_TOO_LARGE`, `START_TOO_FAR`, `WORKFLOW_NEEDS_DOCUMENT`,
  ///   `WORKFLOW_NEEDS_GENERATION`, `IDEMPOTENCY_KEY_REUSED`, `RATE_LIMITED`.
  func enqueue(_ start: WorkflowStart, standardKeyLife: Duration) async throws -> EnqueueReceipt {
    try NameRule.checkSource(start.source)
    try Self.check(input: start.input)
    if let time = start.notBefore, time > clock.now + Self.farthest { throw Failure.startTooFar }
    let pinned = try workflow(start.workflow)
    var seen: Set<String> = []
    try checkSteps(of: pinned, seen: &seen)
    return try await store.enqueue(
      EnqueueRequest(
        workflow: pinned, input: start.input, inputHash: ContentHash(rawValue: SHA256.hash(Array(start.input.utf8))),
        source: start.source, priority: start.priority, notBefore: start.notBefore,
        idempotencyKey: start.idempotencyKey, keyLife: start.keyLife ?? standardKeyLife, actor: actor.description))
  }

  /// Whether a job without an index can run a workflow, as it is now.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `WORKFLOW_NEEDS_DOCUMENT`, `WORKFLOW_NEEDS_GENERATION`.
  func check(_ name: String) throws {
    var seen: Set<String> = []
    try checkSteps(of: try workflow(name), seen: &seen)
  }

  private static func check(input: String) throws(Failure) {
    let size = input.utf8.count
    guard size <= EnqueueRequest.inputLimit else {
      throw Failure(
        .permanent, code: "INPUT_TOO_LARGE", "The input is \(size) bytes; \(EnqueueRequest.inputLimit) is the most.",
        hint: "Put large things into a file and give its path.", category: .refused)
    }
    guard JSONValue(parsing: input) != nil else {
      throw Failure(
        .permanent, code: "INPUT_INVALID", "The input is no JSON.",
        hint: "An object is {\"day\": 1}; text stands in quotes.", category: .invalid)
    }
  }

  /// Every step, and every step of the workflows that its `foreach` steps run, must do without a document and a generation.
  private func checkSteps(of pinned: PinnedWorkflow, seen: inout Set<String>) throws {
    let name = pinned.definition.name
    guard seen.insert(name).inserted else { return }
    if let (step, subject) = pinned.definition.needing(catalogue) {
      throw Failure.needs(subject, step: step, workflow: name)
    }
    for step in pinned.definition.steps where step.uses == StepCatalogue.foreach {
      guard case .text(let child)? = step.with[StepCatalogue.workflowSetting] else { continue }
      try checkSteps(of: try workflow(child), seen: &seen)
    }
  }
}

/// What somebody asks to be started.
package struct WorkflowStart: Sendable {
  /// By its name; the job stays on the version of now.
  package var workflow: String
  /// JSON of at most ``EnqueueRequest/inputLimit`` bytes.
  package var input: String
  package var source: String
  /// −100…100; higher starts earlier.
  package var priority: Int
  /// Not before this time; nil means now.
  package var notBefore: Timestamp?
  package var idempotencyKey: String?
  /// Nil for the configured one.
  package var keyLife: Duration?

  package init(
    workflow: String, input: String = "{}", source: String = "default", priority: Int = 0,
    notBefore: Timestamp? = nil, idempotencyKey: String? = nil, keyLife: Duration? = nil
  ) {
    self.workflow = workflow
    self.input = input
    self.source = source
    self.priority = priority
    self.notBefore = notBefore
    self.idempotencyKey = idempotencyKey
    self.keyLife = keyLife
  }
}

extension Failure {
  fileprivate static var startTooFar: Failure {
    Failure(
      .permanent, code: "START_TOO_FAR", "The job would start more than ten years from now.",
      hint: "Check the time.", category: .invalid)
  }

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
