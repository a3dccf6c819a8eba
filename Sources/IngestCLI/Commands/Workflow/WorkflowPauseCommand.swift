import IngestApp
import IngestConfig
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd workflow pause`.
package enum WorkflowPauseCommand: Command {
  package static let names = Parameter(arguments: .text("NAME"), summary: "The workflows.")

  package static let spec = CommandSpec(
    "workflow pause", "Start no more jobs of a workflow", group: .set, data: .existing,
    details: [
      "Jobs that run go on to their end, and submits are accepted as ever. It holds for all versions of the workflow, "
        + "whatever the source, until `ingestd workflow resume`."
    ],
    parameters: [names.spec],
    examples: [.init("ingestd workflow pause reindex", "Rebuilds wait; all else goes on.")],
    exits: [.init(3, "there is no such workflow")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      for name in context[names] { try await check(name, context, installation) }
      for name in context[names] {
        let changed = try await installation.operations(as: context.actor).limits.pause(
          .workflow(name), actor: context.actor.description)
        try PauseLine(.workflow(name), paused: true, changed: changed).print(context.console)
      }
    }
  }

  /// One whose file is gone or broken is known by its jobs.
  private static func check(_ name: String, _ context: CommandContext, _ installation: Installation) async throws {
    do throws(WorkflowError) {
      _ = try installation.workflowLibrary.get(name)
    } catch {
      guard case .unknown = error else { return }
      let known = try await installation.store.jobs(JobFilter(workflow: name, limit: 1))
      guard known.contains(where: { $0.workflow == name }) else { throw error }
    }
  }
}

/// `ingestd workflow resume`.
package enum WorkflowResumeCommand: Command {
  package static let spec = CommandSpec(
    "workflow resume", "Let the jobs of a paused workflow start again", group: .set, data: .existing,
    parameters: [WorkflowPauseCommand.names.spec],
    examples: [.init("ingestd workflow resume reindex", "Rebuilds go on.")],
    exits: [.init(3, "the workflow is not paused, and there is none of this name")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let library = installation.workflowLibrary
      for name in context[WorkflowPauseCommand.names] {
        let changed = try await installation.operations(as: context.actor).limits.resume(
          .workflow(name), actor: context.actor.description)
        if !changed { try refuseUnknown(name, library) }
        try PauseLine(.workflow(name), paused: false, changed: changed).print(context.console)
      }
      SourceText.note(try await installation.store.pauses(), context.console)
    }
  }

  private static func refuseUnknown(_ name: String, _ library: WorkflowLibrary) throws(WorkflowError) {
    do throws(WorkflowError) {
      _ = try library.get(name)
    } catch {
      if case .unknown = error { throw error }
    }
  }
}
