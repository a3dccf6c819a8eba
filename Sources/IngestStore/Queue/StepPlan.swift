import IngestCore
import IngestSQL

/// Which of a job's checkpoints stay when it goes on or is repeated, and under which version of its workflow.
struct StepPlan {
  enum From: Hashable {
    case start
    case whereItStopped
    case step(String)
  }

  /// The version to go on with; nil for the job's own.
  var latest: PinnedWorkflow?
  var deadline: Duration?
  /// The steps before this position keep what they have.
  var position: Int
  /// The steps with a checkpoint among them.
  var keptIDs: [String]
  /// An earlier job of its document is still open.
  var isBlocked: Bool
}

extension Connection {
  /// - Throws: `STEP_NOT_FOUND`, `WORKFLOW_GONE`.
  func stepPlan(
    _ job: JobRow, from: StepPlan.From, latest: [String: PinnedWorkflow]?, blocked: Bool
  ) throws -> StepPlan {
    let stored = try first(
      "SELECT w.name, w.hash, w.definition FROM jobs j JOIN workflows w ON w.key = j.workflow_key WHERE j.key = \(job.key)"
    ) { (name: $0.text(0), hash: $0.text(1), definition: $0.text(2)) }
    guard let stored else { throw Failure.damaged("job \(job.id) has no workflow") }
    let own = try JSONText.decode(WorkflowDefinition.self, stored.definition)
    var target: PinnedWorkflow?
    if let latest {
      guard let newest = latest[stored.name] else { throw Failure.workflowGone(stored.name) }
      if newest.version.rawValue != stored.hash { target = newest }
    }
    let definition = target?.definition ?? own
    // What a step leaves is found by the steps after it, so a checkpoint is good as long as all before it are the same.
    let same = zip(own.steps, definition.steps).prefix { $0.doesTheSame(as: $1) }.count
    var position = same
    switch from {
    case .whereItStopped: break
    case .start: position = 0
    case .step(let id):
      guard let place = definition.steps.firstIndex(where: { $0.id == id }) else {
        throw Failure.stepNotFound(id, in: definition)
      }
      position = min(place, same)
    }
    let kept = try rows(
      """
      SELECT step FROM steps WHERE job_key = \(job.key) AND position < \(position) AND finished_at IS NOT NULL
      ORDER BY position
      """
    ) { $0.text(0) }
    return StepPlan(
      latest: target, deadline: definition.deadline, position: position, keptIDs: kept, isBlocked: blocked)
  }
}

extension StepDefinition {
  /// Whether what the other leaves is what this would: how often it is tried, and how fast, is no part of that.
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
        ?? "It has: \(names.joined(separator: ", ")).",
      category: .notFound)
  }

  fileprivate static func workflowGone(_ name: String) -> Failure {
    Failure(
      .permanent, code: "WORKFLOW_GONE", "There is no workflow '\(name)' any more, so it has no newest version.",
      hint: "Leave --latest out to go on with the version that the job began with.", category: .refused)
  }
}
