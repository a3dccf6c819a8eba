/// `ingestd workflow show`.
package enum WorkflowShowCommand: CommandDeclaration {
  package static let name = Parameter(argument: .text("NAME"), summary: "The workflow.")

  package static let spec = CommandSpec(
    "workflow show", "Show a workflow's steps with their retries and timeouts", group: .set, data: .none,
    parameters: [name.spec],
    examples: [.init("ingestd workflow show ingest", "All that is in force, defaults too.")],
    exits: [.init(3, "there is no such workflow")])
}
