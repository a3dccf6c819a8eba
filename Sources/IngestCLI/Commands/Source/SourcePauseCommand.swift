import IngestOperations

/// `ingestd source pause`.
package enum SourcePauseCommand: Command {
  package static let spec = CommandSpec(
    "source pause", "Pause sources, so that no more of their jobs start", section: .work,
    details: [
      "Running jobs finish, and submits are still accepted. Queued jobs wait, on every worker, until "
        + "`ingestd source resume`. A pause outlives restarts."
    ],
    parameters: PauseArguments.parameters,
    examples: [
      .init("ingestd source pause handbook", "One source; the others continue."),
      .init("ingestd source pause --all", "All sources."),
    ],
    exits: [.init(3, "a source does not exist; then nothing changes")])

  package static func run(_ context: CommandContext) async throws {
    let selection = try PauseArguments.selection(context)
    try await context.withOperations { operations in
      for change in try await operations.pause(selection) {
        try PauseLine(change).print(context.console)
      }
    }
  }
}

/// `ingestd source resume`.
package enum SourceResumeCommand: Command {
  package static let spec = CommandSpec(
    "source resume", "Resume paused sources, so that their jobs start again", section: .work,
    details: [
      "--all ends the pause that `source pause --all` began. Sources and workflows that were paused by name stay paused."
    ],
    parameters: PauseArguments.parameters,
    examples: [
      .init("ingestd source resume handbook", "One source."),
      .init("ingestd source resume --all", "After `source pause --all`."),
    ],
    exits: [.init(3, "a source does not exist; then nothing changes")])

  package static func run(_ context: CommandContext) async throws {
    let selection = try PauseArguments.selection(context)
    try await context.withOperations { operations in
      let report = try await operations.resume(selection)
      for change in report.changes { try PauseLine(change).print(context.console) }
      SourceText.note(report.pauses, context.console)
      if !report.pausedSources.isEmpty {
        let names = report.pausedSources.prefix(20).joined(separator: ", ")
        context.console.note("still paused by name: \(names)")
      }
    }
  }
}
