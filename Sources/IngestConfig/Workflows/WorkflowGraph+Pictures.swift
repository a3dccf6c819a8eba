package import IngestCore

/// Graphs for other programs to draw.
extension WorkflowGraph {
  /// The nodes and arrows of a graph, shared by both languages so that they draw the same.
  private struct Picture {
    enum Shape {
      case step, choice, child, failure, end
    }

    var nodes: [(id: String, shape: Shape, lines: [String])] = []
    var arrows: [(from: String, to: String, label: String, isDashed: Bool)] = []

    init(_ workflow: WorkflowDefinition) {
      // The ids of extra nodes end with `?` or contain `/`, which no step's id does, so all ids are unique.
      var open: [(id: String, label: String)] = []
      func enter(_ id: String) {
        for (from, label) in open { arrows.append((from, id, label, false)) }
        open = []
      }
      for step in workflow.steps {
        if let when = step.when {
          let choice = step.id + "?"
          nodes.append((choice, .choice, [when]))
          enter(choice)
          open = [(choice, "yes")]
        }
        nodes.append((step.id, .step, [step.id] + details(step)))
        enter(step.id)
        open = [(step.id, "")] + (step.when == nil ? [] : [(step.id + "?", "no")])
        if let child = child(step) {
          nodes.append((step.id + "/", .child, ["workflow \(child)"]))
          arrows.append((step.id, step.id + "/", "each item", true))
        }
      }
      if open.count > 1 {
        nodes.append(("/end", .end, ["end"]))
        enter("/end")
      }
      guard let last = workflow.onFailure else { return }
      let condition = last.when.map { ["when \($0)"] } ?? []
      nodes.append((last.id, .failure, ["on failure: \(last.id)"] + condition + details(last)))
      for step in workflow.steps { arrows.append((step.id, last.id, "", true)) }
    }
  }

  /// Returns a digraph in Graphviz's language: `ingestd workflow graph NAME --dot | dot -Tsvg`.
  package static func dot(_ workflow: WorkflowDefinition) -> String {
    let picture = Picture(workflow)
    var lines = ["digraph \(quoted(workflow.name)) {", "  rankdir=TB;", "  node [shape=box];"]
    for node in picture.nodes {
      let shape =
        switch node.shape {
        case .step: ""
        case .choice: ", shape=diamond"
        case .child: ", shape=component"
        case .failure: ", style=dashed"
        case .end: ", shape=oval"
        }
      lines.append("  \(quoted(node.id)) [label=\(quoted(node.lines.joined(separator: "\n")))\(shape)];")
    }
    for arrow in picture.arrows {
      let attributes =
        (arrow.label.isEmpty ? [] : ["label=\(quoted(arrow.label))"]) + (arrow.isDashed ? ["style=dashed"] : [])
      let text = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
      lines.append("  \(quoted(arrow.from)) -> \(quoted(arrow.to))\(text);")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// Returns a flowchart in Mermaid's language, which GitHub and GitLab draw.
  package static func mermaid(_ workflow: WorkflowDefinition) -> String {
    let picture = Picture(workflow)
    let names = Dictionary(
      zip(picture.nodes.map(\.id), picture.nodes.indices.map { "s\($0)" }), uniquingKeysWith: { first, _ in first })
    var lines = ["flowchart TB"]
    for node in picture.nodes {
      let text = "\"\(escaped(node.lines.joined(separator: "<br>")))\""
      let shape =
        switch node.shape {
        case .step, .failure: "[\(text)]"
        case .choice: "{\(text)}"
        case .child: "[[\(text)]]"
        case .end: "([\(text)])"
        }
      lines.append("  \(names[node.id] ?? "")\(shape)")
    }
    for arrow in picture.arrows {
      let line = arrow.isDashed ? "-.->" : "-->"
      let label = arrow.label.isEmpty ? "" : "|\(arrow.label)|"
      lines.append("  \(names[arrow.from] ?? "") \(line)\(label) \(names[arrow.to] ?? "")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Escapes the text. Mermaid accepts quotes and similar characters only as entities.
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
