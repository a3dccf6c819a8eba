/// The values that the paths of a condition read: the job's task and the results of its steps so far.
package struct ConditionScope: Sendable {
  /// JSON.
  private let task: String
  /// JSON by step id.
  private let results: [String: String]
  private let failure: Failure?

  /// - Parameters:
  ///   - task: JSON, as the job was submitted.
  ///   - results: JSON by step id; a step that was skipped has none.
  package init(task: String, results: [String: String] = [:], failure: Failure? = nil) {
    self.task = task
    self.results = results
    self.failure = failure
  }

  /// Returns the value at the path; nil if there is none, or if the stored text is not JSON.
  package func value(at path: ValuePath) -> JSONValue? {
    var members = path.members[...]
    var value: JSONValue?
    switch path.root {
    case .steps: value = members.popFirst().flatMap { results[$0] }.flatMap { JSONValue(parsing: $0) }
    case .task: value = JSONValue(parsing: task)
    case .meta, .source, .index, .uri: value = JSONValue(parsing: task)?[path.root.rawValue]
    case .failure: value = failure.map(Self.json)
    }
    for member in members { value = value?[member] }
    return value
  }

  private static func json(_ failure: Failure) -> JSONValue {
    var members: [String: JSONValue] = [
      "kind": .text(failure.kind.rawValue), "code": .text(failure.code), "message": .text(failure.message),
      "hint": .text(failure.hint.description),
    ]
    members["step"] = failure.step.map { .text($0) }
    members["attempt"] = failure.attempt.map { .integer($0) }
    return .object(members)
  }
}
