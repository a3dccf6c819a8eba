import IngestConfig
import IngestCore

/// `ingestd workflow graph`.
package enum WorkflowGraphCommand: Command {
  /// What the drawing is written in.
  package enum Format: String, Sendable, CaseIterable {
    case text
    case dot
    case mermaid
  }

  package static let name = Parameter(argument: .text("NAME"), summary: "The workflow.")
  package static let format = Parameter(
    option: "--format", type: ValueType<Format>.choice("FORMAT"), default: .text, summary: "What to draw in.")

  package static let spec = CommandSpec(
    "workflow graph", "Draw a workflow's steps", group: .set, data: .none,
    parameters: [name.spec, format.spec],
    examples: [.init("ingestd workflow graph ingest --format dot | dot -Tsvg > ingest.svg", "As a picture.")],
    exits: [.init(3, "there is no such workflow")])

  package static func run(_ context: CommandContext) async throws {
    let workflow = try context.workflowLibrary().get(context[name]).definition
    let drawing =
      switch context[format] {
      case .text: WorkflowGraph.text(workflow)
      case .dot: WorkflowGraph.dot(workflow)
      case .mermaid: WorkflowGraph.mermaid(workflow)
      }
    if context.console.isJSON {
      return try context.console.json(Drawn(workflow: workflow.name, format: context[format].rawValue, graph: drawing))
    }
    try context.console.raw(drawing)
  }

  /// What `--json` prints.
  private struct Drawn: Encodable {
    var workflow: String
    var format: String
    var graph: String
  }
}
