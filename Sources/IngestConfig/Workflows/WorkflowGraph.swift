package import IngestCore

/// Functions that draw a workflow as text, for Graphviz and for Mermaid.
package enum WorkflowGraph {
  /// The most columns of ``text(_:)``.
  package static let width = 80

  /// Returns a drawing with one block per step, from top to bottom. Lines longer than ``width`` are wrapped.
  package static func text(_ workflow: WorkflowDefinition) -> String {
    var lines = ["workflow \(workflow.name)"]
    lines += wrapped(workflow.description, indent: "  ")
    if let deadline = workflow.deadline { lines.append("  must end within \(deadline.compact) of its acceptance") }
    for rule in rules(workflow) { lines += wrapped(rule, indent: "  ") }
    for (position, step) in workflow.steps.enumerated() {
      let isLast = position == workflow.steps.count - 1
      lines.append(position == 0 ? "" : "  │")
      if let when = step.when { lines += wrapped("when \(when), else skipped", indent: "  │ ", first: "  ◆ ") }
      lines.append("  ● \(step.id)")
      for detail in details(step) { lines += wrapped(detail, indent: isLast ? "    " : "  │ ") }
    }
    if let step = workflow.onFailure {
      lines += ["", "  ✖ on failure: \(step.id)"]
      if let when = step.when { lines += wrapped("when \(when)", indent: "    ") }
      for detail in details(step) { lines += wrapped(detail, indent: "    ") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Returns the rules for the workflow's jobs as a whole.
  private static func rules(_ workflow: WorkflowDefinition) -> [String] {
    var rules: [String] = []
    if let singleton = workflow.singleton {
      let what = singleton.mode == .skip ? "a newer job is not accepted" : "the older job is cancelled"
      rules.append("one open job per \(singleton.key): \(what)")
    }
    if let debounce = workflow.debounce {
      rules.append(
        "starts \(debounce.period.compact) after the last submit, at most \(debounce.longest.compact) after the first")
    }
    return rules
  }

  static func details(_ step: StepDefinition) -> [String] {
    let retry = step.retry
    var tries = retry.attempts == 1 ? "1 try" : "\(retry.attempts) tries"
    if retry.attempts > 1 {
      let factor = SettingValue.number(retry.factor)
      tries += ", waits \(retry.first.compact) ×\(factor) up to \(retry.maximum.compact)"
      if retry.jitter == .full { tries += ", jittered" }
    }
    var lines = ["uses \(step.uses), at most \(step.timeout.compact) a try", tries]
    if let throttle = step.throttle { lines.append("throttle \(throttle), over all jobs") }
    if let concurrency = step.concurrency { lines.append("concurrency \(concurrency), over all jobs") }
    for (name, value) in step.with.sorted(by: { $0.key < $1.key }) { lines.append("\(name): \(shown(value))") }
    return lines
  }

  /// Returns the workflow that the step runs for each item. Nil if it is not a `foreach`.
  static func child(_ step: StepDefinition) -> String? {
    guard step.uses == StepCatalogue.foreach, case .text(let name)? = step.with[StepCatalogue.workflowSetting] else {
      return nil
    }
    return name
  }

  private static func shown(_ setting: Setting) -> String {
    switch setting {
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(SettingValue.number(value))"
    case .text(let value): value
    case .list(let values): "[\(values.map(shown).joined(separator: ", "))]"
    case .map(let values):
      "{\(values.sorted { $0.key < $1.key }.map { "\($0.key): \(shown($0.value))" }.joined(separator: ", "))}"
    }
  }

  private static func wrapped(_ text: String, indent: String, first: String? = nil) -> [String] {
    let room = width - indent.count
    var lines: [String] = []
    var line = ""
    func finish() { lines.append((lines.isEmpty ? first ?? indent : indent) + line) }
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + 1 + word.count > room {
        finish()
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
      while line.count > room {
        let rest = line.dropFirst(room)
        line = String(line.prefix(room))
        finish()
        line = String(rest)
      }
    }
    if !line.isEmpty { finish() }
    return lines
  }
}
