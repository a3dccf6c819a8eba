import IngestApp
import IngestConfig
import IngestCore

extension FuzzTarget {
  static let workflowFile = FuzzTarget(
    "workflow-file",
    words: [
      "name: ", "steps:\n", "- id: ", "uses: ", "with:", "when: ", "retry:", "throttle: ", "on-failure:", "parse",
      "chunk",
      "embed", "upsert", "exec", "http", "foreach", "sleep", "&a ", "*a", "!!str ", "|\n", ">\n", "? ", "<<: ",
    ]
  ) { bytes in
    var diagnostics: [Diagnostic] = []
    let (definition, _, _) = WorkflowReader.read(bytes, file: "w.yaml", catalogue: .standard, diagnostics: &diagnostics)
    try require((definition == nil) == !diagnostics.isEmpty, "a workflow is neither accepted nor refused")
    try judge(diagnostics, bytes)
    var again: [Diagnostic] = []
    let second = WorkflowReader.read(bytes, file: "w.yaml", catalogue: .standard, diagnostics: &again)
    try require(again == diagnostics && second.definition == definition, "the same file is read in two ways")
    guard let definition else { return }
    try require(!definition.steps.isEmpty, "a workflow without steps is accepted")
    try require(definition.version == second.definition?.version, "a workflow has two versions")
    for picture in [WorkflowGraph.text, WorkflowGraph.dot, WorkflowGraph.mermaid] {
      try require(!picture(definition).isEmpty, "a workflow has no picture")
    }
  }

  static let configurationFile = FuzzTarget(
    "configuration-file",
    words: [
      "worker:", "concurrency: ", "limits:\n", "- ", "throttle: ", "60/m", "burst ", "sources:", "schedules:", "cron: ",
      "embedders:", "provider: openai", "base-url: ", "breaker:", "indexes:", "chunker:", "retention:", "&a ", "*a",
    ]
  ) { bytes in
    do {
      _ = try Configuration.load(bytes, of: "i.yaml")
    } catch ConfigurationError.invalid(let diagnostics) {
      try require(!diagnostics.isEmpty, "a configuration is refused without a reason")
      try judge(diagnostics, bytes)
    }
  }

  private static func judge(_ diagnostics: [Diagnostic], _ bytes: [UInt8]) throws {
    let lines = bytes.count { $0 == 10 || $0 == 13 || $0 == 0x85 || $0 == 0xA8 || $0 == 0xA9 } + 2
    for diagnostic in diagnostics {
      try require(!diagnostic.message.isEmpty, "a mistake without a message")
      guard case .file(let name, let line, let column) = diagnostic.origin else { continue }
      try require(!name.isEmpty && (1...lines).contains(line), "line \(line) of \(lines) is reported")
      try require((1...(bytes.count + 1)).contains(column), "column \(column) is reported")
    }
  }

  /// The condition, then a zero byte and the task to which the condition is applied.
  static let condition = FuzzTarget(
    "condition",
    words: [
      " and ", " or ", "not ", " in ", "exists(", "contains(", "starts-with(", "meta.", "steps.", "task.", "\0{", "==",
    ]
  ) { bytes in
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let text = String(decoding: parts[0], as: UTF8.self)
    let condition: Condition
    do throws(ConditionError) { condition = try Condition(text) } catch {
      try require((1...(text.unicodeScalars.count + 1)).contains(error.column), "column \(error.column) is reported")
      try require(!error.problem.isEmpty && error.failure.category == .invalid, "a condition gets no message")
      return
    }
    for reference in condition.references {
      try require((1...text.unicodeScalars.count).contains(reference.column), "a path at column \(reference.column)")
    }
    let task = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : #"{"meta":{"a":"b","n":1}}"#
    let scope = ConditionScope(task: task, results: ["a": task])
    let holds = condition.holds(in: scope)
    try require(condition.holds(in: scope) == holds, "a condition gives two results")
    let denied = try? Condition("not (\(text))")
    if let denied { try require(denied.holds(in: scope) != holds, "a condition and its opposite agree") }
  }
}
