/// `ingestd workflow graph`.
package enum WorkflowGraphCommand: CommandDeclaration {
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
}
