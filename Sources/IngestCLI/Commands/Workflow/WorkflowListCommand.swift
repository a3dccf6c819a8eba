import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd workflow list`.
package enum WorkflowListCommand: Command {
  package static let spec = CommandSpec(
    "workflow list", "List the built-in workflows and your own", section: .setup, data: .none,
    examples: [.init("ingestd workflow list", "Their versions, steps and origins.")])

  package static func run(_ context: CommandContext) async throws {
    let listing = try context.workflows().list()
    var table = Table([
      .init("WORKFLOW"), .init("VERSION"), .init("STEPS", yields: 1), .init("ORIGIN", yields: 2, keepsEnd: true),
    ])
    for workflow in listing.workflows {
      let name = workflow.definition.name
      let steps = workflow.definition.steps.map(\.id)
      try context.console.json(WorkflowListResponse(workflow))
      table.add(name, String(workflow.version.rawValue.prefix(12)), steps.joined(separator: " → "), workflow.origin)
    }
    for broken in listing.broken {
      try context.console.json(WorkflowListResponse(broken))
      table.add([
        Table.Cell(broken.name), Table.Cell("broken", .bad), Table.Cell("\(broken.mistakes.count) mistakes"),
        Table.Cell(broken.file),
      ])
    }
    try context.console.table(table)
    if !listing.broken.isEmpty { context.console.note("`ingestd workflow validate` reports every mistake") }
  }
}
