import IngestCore
import IngestOperations

/// `ingestd source pause`.
package enum SourcePauseCommand: Command {
  package static let spec = CommandSpec(
    "source pause", "Start no more jobs of a source, or of any", section: .work,
    details: [
      "Jobs that run go on to their end, and submits are accepted as ever; what is queued waits, whatever worker runs, "
        + "until `ingestd source resume`. A pause is kept over restarts."
    ],
    parameters: PauseArguments.parameters,
    examples: [
      .init("ingestd source pause handbook", "One source; the others go on."),
      .init("ingestd source pause --all", "Everything."),
    ],
    exits: [.init(3, "there is no such source")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      try await operations.takeOverFlow()
      let selection = try PauseArguments.selection(context)
      for change in try await operations.pause(selection) {
        try PauseLine(change).print(context.console)
      }
    }
  }
}

/// `ingestd source resume`.
package enum SourceResumeCommand: Command {
  package static let spec = CommandSpec(
    "source resume", "Let the jobs of a paused source start again", section: .work,
    details: ["--all ends the pause of everything; sources and workflows that were paused by name stay so."],
    parameters: PauseArguments.parameters,
    examples: [
      .init("ingestd source resume handbook", "One source."),
      .init("ingestd source resume --all", "After `source pause --all`."),
    ],
    exits: [.init(3, "there is no such source")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      try await operations.takeOverFlow()
      let selection = try PauseArguments.selection(context)
      let report = try await operations.resume(selection)
      for change in report.changes { try PauseLine(change).print(context.console) }
      SourceText.note(report.pauses, context.console)
      if !report.pausedSources.isEmpty {
        let names = report.pausedSources.prefix(20).joined(separator: ", ")
        context.console.note("paused by name, and still so: \(names)")
      }
    }
  }
}
