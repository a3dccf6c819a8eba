import IngestApp
import IngestCore
import IngestOperations

/// `ingestd source pause`.
package enum SourcePauseCommand: Command {
  package static let spec = CommandSpec(
    "source pause", "Start no more jobs of a source, or of any", group: .work,
    details: [
      "Jobs that run go on to their end, and submits are accepted as ever; what is queued waits, whatever worker runs, "
        + "until `ingestd source resume`. A pause is kept over restarts."
    ],
    parameters: PauseSelection.parameters,
    examples: [
      .init("ingestd source pause handbook", "One source; the others go on."),
      .init("ingestd source pause --all", "Everything."),
    ],
    exits: [.init(3, "there is no such source")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      try await installation.takeOverFlow(as: context.actor)
      for scope in try await PauseSelection.scopes(context, installation) {
        let changed = try await installation.operations(as: context.actor).limits.pause(
          scope, actor: context.actor.description)
        try PauseLine(scope, paused: true, changed: changed).print(context.console)
      }
    }
  }
}

/// `ingestd source resume`.
package enum SourceResumeCommand: Command {
  package static let spec = CommandSpec(
    "source resume", "Let the jobs of a paused source start again", group: .work,
    details: ["--all ends the pause of everything; sources and workflows that were paused by name stay so."],
    parameters: PauseSelection.parameters,
    examples: [
      .init("ingestd source resume handbook", "One source."),
      .init("ingestd source resume --all", "After `source pause --all`."),
    ],
    exits: [.init(3, "there is no such source")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      try await installation.takeOverFlow(as: context.actor)
      for scope in try await PauseSelection.scopes(context, installation) {
        let changed = try await installation.operations(as: context.actor).limits.resume(
          scope, actor: context.actor.description)
        try PauseLine(scope, paused: false, changed: changed).print(context.console)
      }
      try await PauseSelection.tellWhatStays(context, installation)
    }
  }
}
