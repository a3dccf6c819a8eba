import IngestAPI
package import IngestOperations

/// `ingestd workflow graph`.
package enum WorkflowGraphCommand: Command {
  package static let name = Parameter(argument: .text("NAME"), summary: "The workflow.")
  package static let format = Parameter(
    option: "--format", type: ValueType<WorkflowDrawing>.choice("FORMAT"), default: .text,
    summary: "The format of the drawing.")

  package static let spec = CommandSpec(
    "workflow graph", "Draw a workflow's steps", section: .setup, data: .none,
    parameters: [name.spec, format.spec],
    examples: [.init("ingestd workflow graph ingest --format dot | dot -Tsvg > ingest.svg", "As a picture.")],
    exits: [.init(2, "the workflow's file has a mistake"), .init(3, "the workflow does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let format = context[Self.format]
    let (workflow, drawing) = try context.workflows().draw(context[name], in: format)
    if context.console.isJSON {
      return try context.console.json(WorkflowGraphResponse(workflow, drawing: drawing, format: format))
    }
    try context.console.raw(drawing)
  }
}
