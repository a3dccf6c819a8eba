import IngestCore
import IngestOperations

/// `ingestd source show`.
package enum SourceShowCommand: Command {
  package static let source = Parameter(argument: .text("SOURCE"), summary: "The source.")

  package static let spec = CommandSpec(
    "source show", "Show a source, all that limits it, and why its jobs do not start", section: .work,
    details: [
      "FREE is what could start at this moment; a dash stands for a limit of which each document, index or other value "
        + "has its own. FROM tells whether the configuration file or a live setting says it; a live one wins."
    ],
    parameters: [source.spec],
    examples: [.init("ingestd source show handbook", "Its limits and its state.")],
    exits: [.init(3, "there is no such source")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      try await operations.takeOverFlow()
      let sheet = try await operations.sourceSheet(context[source])
      try sheet.print(context, hasWorker: try await operations.hasWorker())
    }
  }
}
