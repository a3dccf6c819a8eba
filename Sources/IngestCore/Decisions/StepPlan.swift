/// The checkpoints that a job keeps when it continues or is repeated, and the workflow version that it uses.
package struct StepPlan: Sendable {
  package enum From: Hashable, Sendable {
    case start
    case whereItStopped
    case step(String)
  }

  /// A step of the job that has a checkpoint.
  package struct Finished: Hashable, Sendable {
    package var position: Int
    package var id: String

    package init(position: Int, id: String) {
      self.position = position
      self.id = id
    }
  }

  /// The version to continue with; nil for the job's own.
  package var latest: PinnedWorkflow?
  package var deadline: Duration?
  /// The steps before this position keep their checkpoints.
  package var position: Int
  /// The ids of the steps before ``position`` that have a checkpoint, in order.
  package var keptIDs: [String]
  /// Whether an earlier job of its document is still open.
  package var isBlocked: Bool

  /// - Parameters:
  ///   - own: the version that the job is pinned to.
  ///   - latest: the newest versions by name, to continue with; nil keeps the job's own.
  ///   - finished: its checkpoints, in any order.
  /// - Throws: `STEP_NOT_FOUND`, `WORKFLOW_GONE`.
  package init(
    own: PinnedWorkflow, latest: [String: PinnedWorkflow]?, from: From, finished: [Finished], isBlocked: Bool
  ) throws(Failure) {
    let name = own.definition.name
    if let latest {
      guard let newest = latest[name] else { throw .workflowGone(name) }
      if newest.version != own.version { self.latest = newest }
    }
    let definition = self.latest?.definition ?? own.definition
    // Later steps read a step's result, so a checkpoint is valid as long as all steps before it are the same.
    let same = zip(own.definition.steps, definition.steps).prefix { $0.doesTheSame(as: $1) }.count
    switch from {
    case .whereItStopped: position = same
    case .start: position = 0
    case .step(let id):
      guard let place = definition.steps.firstIndex(where: { $0.id == id }) else {
        throw .stepNotFound(id, in: definition)
      }
      position = min(place, same)
    }
    deadline = definition.deadline
    let end = position
    keptIDs = finished.filter { $0.position < end }.sorted { $0.position < $1.position }.map(\.id)
    self.isBlocked = isBlocked
  }
}

extension StepDefinition {
  /// Returns whether both steps have the same result. Retries and timeouts do not change a result.
  fileprivate func doesTheSame(as other: StepDefinition) -> Bool {
    id == other.id && uses == other.uses && with == other.with && when == other.when
  }
}

extension Failure {
  fileprivate static func stepNotFound(_ id: String, in definition: WorkflowDefinition) -> Failure {
    let names = definition.steps.map(\.id)
    return Failure(
      .permanent, code: "STEP_NOT_FOUND", "Workflow '\(definition.name)' has no step '\(id)'.",
      hint: nearestName(to: id, among: names).map { "Did you mean '\($0)'?" }
        ?? "Its steps: \(names.joined(separator: ", ")).",
      category: .notFound)
  }

  fileprivate static func workflowGone(_ name: String) -> Failure {
    Failure(
      .permanent, code: "WORKFLOW_GONE", "Workflow '\(name)' no longer exists, so it has no newest version.",
      hint: "Leave out \(option: "latest") to continue with the version that the job began with.", category: .refused)
  }
}
