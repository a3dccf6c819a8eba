import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd workflow show`.
package enum WorkflowShowCommand: Command {
  package static let name = Parameter(argument: .text("NAME"), summary: "The workflow.")

  package static let spec = CommandSpec(
    "workflow show", "Show a workflow's steps with their retries and timeouts", section: .setup, data: .none,
    parameters: [name.spec],
    examples: [.init("ingestd workflow show ingest", "All settings in force, defaults included.")],
    exits: [.init(2, "the workflow's file has a mistake"), .init(3, "the workflow does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let (listed, drawing) = try context.workflows().draw(context[name], in: .text)
    if context.console.isJSON {
      return try context.console.json(WorkflowResponse(listed))
    }
    try context.console.line("version \(listed.version.rawValue)", .dim)
    try context.console.line("from \(listed.origin.visible)", .dim)
    try context.console.raw(drawing)
  }
}
