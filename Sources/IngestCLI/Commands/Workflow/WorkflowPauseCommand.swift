import IngestCore
import IngestOperations

/// `ingestd workflow pause`.
package enum WorkflowPauseCommand: Command {
  package static let names = Parameter(arguments: .text("NAME"), summary: "The workflows.")

  package static let spec = CommandSpec(
    "workflow pause", "Pause workflows, so that no more of their jobs start", section: .setup, data: .existing,
    details: [
      "Running jobs finish, and submits are still accepted. The pause holds for all versions and all sources, until "
        + "`ingestd workflow resume`."
    ],
    parameters: [names.spec],
    examples: [.init("ingestd workflow pause reindex", "Rebuilds wait; all other work continues.")],
    exits: [.init(3, "a workflow does not exist; then none is paused")])

  package static func run(_ context: CommandContext) async throws {
    let paused = try await context.withOperations { try await $0.pauseWorkflows(context[names]) }
    for (name, changed) in paused {
      try PauseLine(.workflow(name), paused: true, changed: changed).print(context.console)
    }
  }
}

/// `ingestd workflow resume`.
package enum WorkflowResumeCommand: Command {
  package static let spec = CommandSpec(
    "workflow resume", "Resume paused workflows, so that their jobs start again", section: .setup, data: .existing,
    parameters: [WorkflowPauseCommand.names.spec],
    examples: [.init("ingestd workflow resume reindex", "Rebuilds continue.")],
    exits: [.init(3, "a workflow is not paused and does not exist")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      for name in context[WorkflowPauseCommand.names] {
        let changed = try await operations.resumeWorkflow(name)
        try PauseLine(.workflow(name), paused: false, changed: changed).print(context.console)
      }
      SourceText.note(try await operations.pauses(), context.console)
    }
  }
}
