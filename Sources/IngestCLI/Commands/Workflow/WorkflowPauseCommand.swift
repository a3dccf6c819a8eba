import IngestCore
import IngestOperations

/// `ingestd workflow pause`.
package enum WorkflowPauseCommand: Command {
  package static let names = Parameter(arguments: .text("NAME"), summary: "The workflows.")

  package static let spec = CommandSpec(
    "workflow pause", "Start no more jobs of a workflow", section: .setup, data: .existing,
    details: [
      "Jobs that run go on to their end, and submits are accepted as ever. It holds for all versions of the workflow, "
        + "whatever the source, until `ingestd workflow resume`."
    ],
    parameters: [names.spec],
    examples: [.init("ingestd workflow pause reindex", "Rebuilds wait; all else goes on.")],
    exits: [.init(3, "there is no such workflow")])

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
    "workflow resume", "Let the jobs of a paused workflow start again", section: .setup, data: .existing,
    parameters: [WorkflowPauseCommand.names.spec],
    examples: [.init("ingestd workflow resume reindex", "Rebuilds go on.")],
    exits: [.init(3, "the workflow is not paused, and there is none of this name")])

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
