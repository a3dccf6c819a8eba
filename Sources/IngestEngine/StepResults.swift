import IngestCore

/// What the steps before have left, as a step is given it and as conditions read it. A step that was skipped has left
/// nothing.
struct StepResults: Sendable {
  /// JSON, the last of each kind.
  private(set) var byKind: [String: String] = [:]
  private(set) var byID: [String: String] = [:]

  mutating func add(_ result: String, of step: StepDefinition) {
    guard result != JobReport.skippedResult else { return }
    byKind[step.uses] = result
    byID[step.id] = result
  }

  /// Whether the step is to be run.
  /// - Throws: ``ConditionError``, of a definition that was stored by a program which could read more.
  func allow(_ step: StepDefinition, task: String, failure: Failure? = nil) throws -> Bool {
    guard let when = step.when else { return true }
    return try Condition(when).holds(in: ConditionScope(task: task, results: byID, failure: failure))
  }
}
