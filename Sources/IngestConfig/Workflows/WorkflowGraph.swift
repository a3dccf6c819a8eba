package import IngestCore

/// Draws a workflow for people and for Graphviz.
package enum WorkflowGraph {
  /// Columns of ``text(_:)``, at most.
  package static let width = 80

  /// One box a step, top to bottom; lines past ``width`` are wrapped.
  package static func text(_ workflow: WorkflowDefinition) -> String {
    var lines = ["workflow \(workflow.name)"]
    lines += wrapped(workflow.description, indent: "  ")
    if let deadline = workflow.deadline { lines.append("  must end within \(deadline.compact) of its acceptance") }
    for (position, step) in workflow.steps.enumerated() {
      let isLast = position == workflow.steps.count - 1
      lines.append(position == 0 ? "" : "  │")
      lines.append("  ● \(step.id)")
      for detail in details(step) { lines += wrapped(detail, indent: isLast ? "    " : "  │ ") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A digraph in Graphviz's language: `ingestd workflow graph NAME --dot | dot -Tsvg`.
  package static func dot(_ workflow: WorkflowDefinition) -> String {
    var lines = ["digraph \(quoted(workflow.name)) {", "  rankdir=TB;", "  node [shape=box];"]
    for step in workflow.steps {
      let label = ([step.id] + details(step)).joined(separator: "\n")
      lines.append("  \(quoted(step.id)) [label=\(quoted(label))];")
    }
    for (from, to) in zip(workflow.steps, workflow.steps.dropFirst()) {
      lines.append("  \(quoted(from.id)) -> \(quoted(to.id));")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// A flowchart in the language of Mermaid, which GitHub and GitLab draw.
  package static func mermaid(_ workflow: WorkflowDefinition) -> String {
    var lines = ["flowchart TB"]
    for (position, step) in workflow.steps.enumerated() {
      let text = ([step.id] + details(step)).joined(separator: "<br>")
      lines.append("  s\(position)[\"\(escaped(text))\"]")
    }
    for position in workflow.steps.indices.dropFirst() { lines.append("  s\(position - 1) --> s\(position)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Mermaid takes quotes and the like only by their numbers.
  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\"": "#quot;"
      case "#": "#35;"
      case "\n": " "
      default: String(character)
      }
    }.joined()
  }

  private static func details(_ step: StepDefinition) -> [String] {
    let retry = step.retry
    var tries = retry.attempts == 1 ? "1 try" : "\(retry.attempts) tries"
    if retry.attempts > 1 {
      let factor = SettingValue.number(retry.factor)
      tries += ", waits \(retry.first.compact) ×\(factor) up to \(retry.maximum.compact)"
      if retry.jitter == .full { tries += ", jittered" }
    }
    var lines = ["uses \(step.uses), at most \(step.timeout.compact) a try", tries]
    for (name, value) in step.with.sorted(by: { $0.key < $1.key }) { lines.append("\(name): \(shown(value))") }
    return lines
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

  private static func wrapped(_ text: String, indent: String) -> [String] {
    let room = width - indent.count
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + 1 + word.count > room {
        lines.append(indent + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
      while line.count > room {
        lines.append(indent + line.prefix(room))
        line = String(line.dropFirst(room))
      }
    }
    if !line.isEmpty { lines.append(indent + line) }
    return lines
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.map { character in
      switch character {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      default: String(character)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
