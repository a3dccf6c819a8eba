import IngestOperations

/// `ingestd source show`.
package enum SourceShowCommand: Command {
  package static let source = Parameter(argument: .text("SOURCE"), summary: "The source.")

  package static let spec = CommandSpec(
    "source show", "Show a source, its limits, and why its jobs do not start", section: .work,
    details: [
      "FREE is how many more can start now; a dash marks a limit that counts each document, index or other value alone. "
        + "FROM is `file` if the configuration sets the limit, `live` if `source set` does. A live limit wins."
    ],
    parameters: [source.spec],
    examples: [.init("ingestd source show handbook", "Its limits and its state.")],
    exits: [.init(3, "the source does not exist")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let sheet = try await operations.sourceSheet(context[source])
      try sheet.print(context, hasWorker: try await operations.hasWorker())
    }
  }
}
