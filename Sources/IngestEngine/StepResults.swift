import IngestCore

/// The results of the previous steps. Steps receive them as input, and conditions read them. A skipped step has no
/// result.
struct StepResults: Sendable {
  /// JSON. If steps share a kind, this holds the result of the last one.
  private(set) var byKind: [String: String] = [:]
  private(set) var byID: [String: String] = [:]

  mutating func add(_ result: String, of step: StepDefinition) {
    guard result != JobReport.skippedResult else { return }
    byKind[step.uses] = result
    byID[step.id] = result
  }

  /// Returns whether the step must run: its condition holds, or it has none.
  /// - Throws: ``ConditionError`` if a newer program stored a condition that this one cannot read.
  func allow(_ step: StepDefinition, task: String, failure: Failure? = nil) throws -> Bool {
    guard let when = step.when else { return true }
    return try Condition(when).holds(in: ConditionScope(task: task, results: byID, failure: failure))
  }
}
